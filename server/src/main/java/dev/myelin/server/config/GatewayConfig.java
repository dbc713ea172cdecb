package dev.myelin.server.config;

import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.channel.ChannelConfig;
import dev.myelin.live.connection.ConnectionLimits;
import dev.myelin.live.limit.RateLimitConfig;
import dev.myelin.live.presence.PresenceConfig;

/// What live connections and channels are bounded by.
///
/// @param sockets of connections on `/ws`
/// @param connections how many there may be
/// @param channels what their logs keep
/// @param rates how often users may do what
/// @param presence how it is damped
/// @param broker what waits to be told, of libraries too
public record GatewayConfig(
    GatewayOptions sockets,
    ConnectionLimits connections,
    ChannelConfig channels,
    RateLimitConfig rates,
    PresenceConfig presence,
    BrokerConfig broker) {
  public static final GatewayConfig DEFAULT =
      new GatewayConfig(
          GatewayOptions.DEFAULT,
          ConnectionLimits.DEFAULT,
          ChannelConfig.DEFAULT,
          RateLimitConfig.DEFAULT,
          PresenceConfig.DEFAULT,
          BrokerConfig.DEFAULT);

  public GatewayConfig withSockets(GatewayOptions other) {
    return new GatewayConfig(other, connections, channels, rates, presence, broker);
  }
}

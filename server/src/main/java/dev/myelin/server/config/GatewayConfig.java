package dev.myelin.server.config;

import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.live.channel.ChannelConfig;
import dev.myelin.live.connection.ConnectionLimits;
import dev.myelin.live.limit.RateLimitConfig;

/// What live connections and channels are bounded by.
///
/// @param sockets of connections on `/ws`
/// @param connections how many there may be
/// @param channels what their logs keep
/// @param rates how often users may do what
public record GatewayConfig(
    GatewayOptions sockets,
    ConnectionLimits connections,
    ChannelConfig channels,
    RateLimitConfig rates) {
  public static final GatewayConfig DEFAULT =
      new GatewayConfig(
          GatewayOptions.DEFAULT,
          ConnectionLimits.DEFAULT,
          ChannelConfig.DEFAULT,
          RateLimitConfig.DEFAULT);
}

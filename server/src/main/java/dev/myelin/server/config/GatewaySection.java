package dev.myelin.server.config;

import dev.myelin.edge.gateway.Switches;
import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.live.broker.BrokerConfig;
import dev.myelin.live.channel.ChannelConfig;
import dev.myelin.live.connection.ConnectionLimits;
import dev.myelin.live.connection.OutboxLimits;
import dev.myelin.live.limit.Bucket;
import dev.myelin.live.limit.Rate;
import dev.myelin.live.limit.RateLimitConfig;
import dev.myelin.live.presence.PresenceConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// The keys under `gateway`.
final class GatewaySection {
  private GatewaySection() {}

  static GatewayConfig read(Values values, GatewayConfig otherwise) {
    ConnectionLimits connections = otherwise.connections();
    return new GatewayConfig(
        options(values, otherwise.sockets()),
        new ConnectionLimits(
            values.integer("gateway.max-connections-per-client", connections.perClient()),
            values.integer("gateway.max-connections-per-tenant", connections.perTenant()),
            values.integer("gateway.max-connections", connections.perProcess())),
        channels(values, otherwise.channels()),
        rates(values, otherwise.rates()),
        presence(values, otherwise.presence()),
        broker(values, otherwise.broker()));
  }

  private static GatewayOptions options(Values values, GatewayOptions otherwise) {
    return new GatewayOptions(
        values.smallBytes("gateway.max-message-size", otherwise.maxMessageBytes()),
        values.duration("gateway.ping-interval", otherwise.pingInterval()),
        values.duration("gateway.pong-timeout", otherwise.pongTimeout()),
        values.duration("gateway.init-timeout", otherwise.initTimeout()),
        values.duration("gateway.token-grace", otherwise.grace()),
        values.duration("gateway.drain", otherwise.drain()),
        values.integer("gateway.max-channels", otherwise.maxChannels()),
        values.integer("gateway.max-replay", otherwise.maxReplay()),
        values.duration("gateway.resume-window", otherwise.resumeWindow()),
        values.flag("gateway.compression", otherwise.compression()),
        new OutboxLimits(
            values.bytes("gateway.outbox-soft", otherwise.outbox().soft()),
            values.bytes("gateway.outbox-hard", otherwise.outbox().hard())),
        new Switches(
            Set.copyOf(
                values.texts(
                    "gateway.off", otherwise.switches().off().stream().sorted().toList()))));
  }

  private static ChannelConfig channels(Values values, ChannelConfig otherwise) {
    return new ChannelConfig(
        values.integer("gateway.channel-max-events", otherwise.maxEvents()),
        values.duration("gateway.channel-retention", otherwise.maxAge()),
        values.duration("gateway.channel-command-retention", otherwise.commandAge()),
        values.smallBytes("gateway.channel-max-payload", otherwise.maxPayloadBytes()),
        values.duration("gateway.channel-trim-interval", otherwise.trimInterval()));
  }

  private static PresenceConfig presence(Values values, PresenceConfig otherwise) {
    return new PresenceConfig(
        values.duration("gateway.presence-leave-delay", otherwise.leaveDelay()),
        values.duration("gateway.presence-interval", otherwise.diffInterval()),
        values.integer("gateway.presence-max-roster", otherwise.maxRoster()),
        values.duration("gateway.presence-idle-after", otherwise.idleAfter()));
  }

  private static BrokerConfig broker(Values values, BrokerConfig otherwise) {
    return new BrokerConfig(
        values.integer("gateway.max-waiting", otherwise.maxWaiting()),
        values.integer("gateway.broker-threads", otherwise.threads()));
  }

  private static RateLimitConfig rates(Values values, RateLimitConfig otherwise) {
    Map<Bucket, Rate> rates = new EnumMap<>(Bucket.class);
    for (Bucket bucket : Bucket.values()) {
      rates.put(bucket, rate(values, bucket.word(), otherwise.rate(bucket)));
    }
    return new RateLimitConfig(
        rates,
        rate(values, "connection", otherwise.perConnection()),
        otherwise.strikes(),
        otherwise.maxKeys());
  }

  private static Rate rate(Values values, String name, Rate otherwise) {
    String key = "gateway.rate." + name;
    String text = values.text(key, otherwise.toString());
    try {
      return Rate.parse(text);
    } catch (IllegalArgumentException _) {
      throw new ConfigException(
          key
              + ": \""
              + text
              + "\" (expected: a rate such as 10/60s burst 5, or off), from "
              + values.origin(key));
    }
  }
}

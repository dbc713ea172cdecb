package dev.myelin.server;

import dev.myelin.edge.LiveServices;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.connection.ConnectionRegistry;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.SessionConfig;
import dev.myelin.live.session.Sessions;
import dev.myelin.live.timer.TimerWheel;
import dev.myelin.server.config.GatewayConfig;
import java.time.InstantSource;

/// What live connections stand on, opened and closed together.
final class LiveParts implements AutoCloseable {
  private final LiveServices services;

  private LiveParts(LiveServices services) {
    this.services = services;
  }

  /// @param broker tells of who is there
  static LiveParts open(GatewayConfig config, Broker broker, InstantSource clock) {
    TimerWheel wheel = TimerWheel.start();
    return new LiveParts(
        new LiveServices(
            new ConnectionRegistry(config.connections()),
            sessions(config, wheel, clock),
            new Presence(config.presence(), broker, wheel, clock),
            new RateLimits(config.rates(), wheel, clock),
            wheel,
            config.sockets()));
  }

  private static Sessions sessions(GatewayConfig config, TimerWheel wheel, InstantSource clock) {
    SessionConfig sessions =
        new SessionConfig(config.sockets().resumeWindow(), SessionConfig.DEFAULT.maxSuspended());
    return new Sessions(sessions, wheel, clock);
  }

  LiveServices services() {
    return services;
  }

  @Override
  public void close() {
    services.limits().close();
    services.wheel().close();
  }
}

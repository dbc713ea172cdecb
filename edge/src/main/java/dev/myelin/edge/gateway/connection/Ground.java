package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.auth.Credentials;
import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.connection.ConnectionRegistry;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.Sessions;
import dev.myelin.live.timer.TimerWheel;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// What all connections of the gateway stand on.
///
/// @param blocking runs what may block, a virtual thread each
/// @param version the server's
public record Ground(
    GatewayOptions options,
    Access access,
    Live live,
    FanOut fanOut,
    ChannelSource source,
    Channels channels,
    Executor blocking,
    InstantSource clock,
    String version) {

  /// Who may come in.
  public record Access(Credentials credentials, KeyWatch keys, RateLimits limits) {}

  /// Who is there.
  public record Live(
      ConnectionRegistry connections, Sessions sessions, Presence presence, TimerWheel wheel) {}
}

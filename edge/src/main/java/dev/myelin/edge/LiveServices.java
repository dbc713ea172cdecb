package dev.myelin.edge;

import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.live.connection.ConnectionRegistry;
import dev.myelin.live.limit.RateLimits;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.Sessions;
import dev.myelin.live.timer.TimerWheel;

/// What live connections stand on.
///
/// @param gateway the bounds of connections on `/ws`
public record LiveServices(
    ConnectionRegistry connections,
    Sessions sessions,
    Presence presence,
    RateLimits limits,
    TimerWheel wheel,
    GatewayOptions gateway) {}

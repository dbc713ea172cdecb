package dev.myelin.live.session;

import java.util.List;

/// A session that goes on.
///
/// @param subscriptions as they were when the connection before was lost
/// @param tookOver whether that connection was still there, and lost the session by this
public record Resumed(
    GatewaySession session, List<KeptSubscription> subscriptions, boolean tookOver) {
  public Resumed {
    subscriptions = List.copyOf(subscriptions);
  }
}

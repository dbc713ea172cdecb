package dev.myelin.live.session;

import java.time.Duration;

/// How long sessions wait for their owners.
///
/// @param window how long after its connection was lost a session can be resumed
/// @param maxSuspended how many wait at the same time; beyond that, those that waited longest end
public record SessionConfig(Duration window, int maxSuspended) {
  public static final SessionConfig DEFAULT = new SessionConfig(Duration.ofMinutes(2), 20_000);

  public SessionConfig {
    if (window.toMillis() < 1) {
      throw new IllegalArgumentException(
          "gateway.resume-window: " + window + " (expected: 1 ms or more)");
    }
    if (maxSuspended < 1) {
      throw new IllegalArgumentException(
          "gateway.max-suspended-sessions: " + maxSuspended + " (expected: 1 or more)");
    }
  }
}

package dev.myelin.live.presence;

import java.time.Duration;

/// How presence is damped.
///
/// @param leaveDelay how long somebody whose connection was lost is still there
/// @param diffInterval how often at most a channel's changes are told
/// @param maxRoster users of a channel above which only their number is told
/// @param idleAfter how long after his last input somebody is away
public record PresenceConfig(
    Duration leaveDelay, Duration diffInterval, int maxRoster, Duration idleAfter) {
  public static final PresenceConfig DEFAULT =
      new PresenceConfig(Duration.ofSeconds(15), Duration.ofSeconds(1), 200, Duration.ofMinutes(5));

  public PresenceConfig {
    require("gateway.presence-leave-delay", leaveDelay.toMillis());
    require("gateway.presence-interval", diffInterval.toMillis());
    require("gateway.presence-max-roster", maxRoster);
    require("gateway.presence-idle-after", idleAfter.toMillis());
  }

  /// Users of a channel at which all of them are told again; below the other bound, so that one who
  /// comes and goes there does not make everybody load the roster each time.
  int rosterAgain() {
    return maxRoster - maxRoster / 10;
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }
}

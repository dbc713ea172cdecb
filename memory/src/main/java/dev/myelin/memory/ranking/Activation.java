package dev.myelin.memory.ranking;

import java.time.Duration;

/// How present a memory is: two-component decay. What was recalled fewer than three times fades
/// exponentially (time constant 1.96 h), what was recalled more often by a power law (exponent
/// 0.18); never below 0.1.
public final class Activation {
  public static final int CONSOLIDATED = 3;

  private static final double TIME_CONSTANT_HOURS = 1.96;
  private static final double EXPONENT = 0.18;
  private static final double FLOOR = 0.1;

  private Activation() {}

  /// The activation after a time since the memory's last access (or its commit).
  ///
  /// @param ratePerHour the memory's own rate of exponential decay, or NaN for the default
  public static float after(Duration idle, int accesses, float ratePerHour) {
    double hours = Math.max(0, idle.toMillis()) / 3_600_000d;
    double rate = Float.isNaN(ratePerHour) ? 1 / TIME_CONSTANT_HOURS : Math.max(0, ratePerHour);
    double retention =
        accesses < CONSOLIDATED ? Math.exp(-hours * rate) : Math.pow(1 + hours, -EXPONENT);
    return (float) Math.max(FLOOR, retention);
  }
}

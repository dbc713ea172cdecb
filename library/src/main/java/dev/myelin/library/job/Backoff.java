package dev.myelin.library.job;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/// How long to wait before something is tried again: doubled each time up to a bound, half of it by
/// chance, so that what failed together is not tried together.
///
/// @param random numbers from 0 to 1
record Backoff(Duration first, Duration most, DoubleSupplier random) {
  private static final int MAX_DOUBLINGS = 40;

  /// The pause before a try.
  ///
  /// @param made how often it was tried again before
  Duration before(int made) {
    long doubled = first.toMillis() << Math.min(made, MAX_DOUBLINGS);
    long whole = doubled <= 0 ? most.toMillis() : Math.min(doubled, most.toMillis());
    return Duration.ofMillis(Math.max(1, (long) (whole * (0.5 + random.getAsDouble() / 2))));
  }
}

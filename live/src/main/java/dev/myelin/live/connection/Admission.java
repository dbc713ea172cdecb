package dev.myelin.live.connection;

import java.time.Duration;

/// Whether one more connection may be.
public sealed interface Admission {
  /// It may: it counts until its place is closed.
  record Admitted(Place place) implements Admission {}

  /// It may not, for nothing was counted.
  ///
  /// @param bound the narrowest limit that is reached
  /// @param limit how many there may be
  /// @param retryAfter when to try again at the earliest
  record Refused(Bound bound, int limit, Duration retryAfter) implements Admission {}
}

package dev.myelin.bench.load;

/// What one connection sends, and where.
///
/// @param connection tells it from the others of the run
/// @param space the memory space
public record Session(Target target, Observations observations, int connection, String space) {
  /// How many observations a server lets be unacknowledged on one connection, at most.
  public static final int MAX_IN_FLIGHT = 10_000;
}

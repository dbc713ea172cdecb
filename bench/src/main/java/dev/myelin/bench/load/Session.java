package dev.myelin.bench.load;

/// What one connection sends, and where.
///
/// @param connection tells it from the others of the run
/// @param space the memory space
/// @param resumed the session to go on with; empty for a new one
/// @param tag what every observation is tagged with; empty for nothing
public record Session(
    Target target,
    Observations observations,
    int connection,
    String space,
    String resumed,
    String tag) {
  /// How many observations a server lets be unacknowledged on one connection, at most.
  public static final int MAX_IN_FLIGHT = 10_000;

  /// A new session without tags.
  public Session(Target target, Observations observations, int connection, String space) {
    this(target, observations, connection, space, "", "");
  }
}

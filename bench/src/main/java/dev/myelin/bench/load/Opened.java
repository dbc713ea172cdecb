package dev.myelin.bench.load;

/// What the other side said when a connection was opened.
///
/// @param session its name, to resume it; empty where there are no sessions
/// @param floor the last number that is settled
public record Opened(String session, long floor) {
  /// A store that knows no sessions: all begins at 1.
  public static final Opened NEW = new Opened("", 0);
}

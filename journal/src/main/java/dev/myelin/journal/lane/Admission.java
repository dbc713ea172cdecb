package dev.myelin.journal.lane;

/// What became of an offer to a lane.
public enum Admission {
  ADMITTED,
  /// A bound would be passed.
  FULL,
  /// Nothing is taken until writing works again.
  REFUSED,
  /// Nothing is taken any more.
  CLOSED
}

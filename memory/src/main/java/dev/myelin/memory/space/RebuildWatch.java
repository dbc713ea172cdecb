package dev.myelin.memory.space;

/// Watches an index being made anew.
@FunctionalInterface
public interface RebuildWatch {
  /// Lets it run to its end.
  RebuildWatch NONE = (_, _) -> true;

  /// Told from time to time, on the thread that rebuilds, how far it has come.
  ///
  /// @param offset the newest record that was read
  /// @param end where the stream ended when it began; it may have grown since
  /// @return whether to go on; if not, the index that serves stays
  boolean reached(long offset, long end);
}

package dev.myelin.live.timer;

/// Something that happens later, once, unless it is called off.
public interface Timeout {
  /// Calls it off. Any thread, any number of times.
  ///
  /// @return whether that came in time: if so, the task never runs; if not, it ran, runs now, or
  ///   was called off before
  boolean cancel();
}

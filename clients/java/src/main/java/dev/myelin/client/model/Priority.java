package dev.myelin.client.model;

/// How urgent an observation is to the server's commit queue.
public enum Priority {
  /// Before all others.
  HIGH,
  NORMAL,
  /// After all others, but never starved.
  LOW
}

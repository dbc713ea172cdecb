package dev.myelin.journal;

/// A priority of waiting transactions.
public enum Lane {
  HIGH,
  NORMAL,
  LOW
}

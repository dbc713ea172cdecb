package dev.myelin.memory;

/// How to forget.
public enum ForgetMode {
  /// For good, also from the journal's payload.
  DELETE,
  /// Hidden from recall, until restored.
  SUPPRESS,
  /// Visible again after a suppression.
  RESTORE
}

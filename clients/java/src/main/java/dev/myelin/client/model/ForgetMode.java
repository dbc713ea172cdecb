package dev.myelin.client.model;

/// How to forget.
public enum ForgetMode {
  /// For good.
  DELETE,
  /// Hidden from recall, until restored.
  SUPPRESS,
  /// Visible again after a suppression.
  RESTORE
}

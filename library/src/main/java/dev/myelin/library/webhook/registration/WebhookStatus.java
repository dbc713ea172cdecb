package dev.myelin.library.webhook.registration;

import java.util.Locale;

/// Whether a webhook delivers. One that does not keeps its place, and goes on from there.
public enum WebhookStatus {
  ACTIVE,
  /// By request, or because its target failed for too long.
  PAUSED,
  /// By request, or because its library was deleted.
  DISABLED;

  /// How it is written: the name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.myelin.client.webhook;

import java.util.Locale;

/// Whether a webhook is told of events.
public enum WebhookStatus {
  ACTIVE,
  /// Paused after long failure, or on demand.
  PAUSED,
  DISABLED,
  /// A later server's word that this client does not know.
  UNKNOWN;

  static WebhookStatus of(String word) {
    for (WebhookStatus status : values()) {
      if (status.word().equals(word)) {
        return status;
      }
    }
    return UNKNOWN;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

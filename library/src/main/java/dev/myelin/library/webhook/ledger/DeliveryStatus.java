package dev.myelin.library.webhook.ledger;

import java.util.Locale;

/// What became of an attempt.
public enum DeliveryStatus {
  /// The target answered with 2xx.
  SUCCESS,
  /// It failed, and nobody tries again by itself; or something that could not be delivered at all.
  FAILED,
  /// It failed, and is tried again.
  RETRYING;

  /// How it is written: the name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

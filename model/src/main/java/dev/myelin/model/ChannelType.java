package dev.myelin.model;

import java.util.Locale;
import java.util.Optional;

/// What a channel is about; the word before the colon of its name.
public enum ChannelType {
  CONVERSATION,
  TEAM,
  DOCUMENT,
  AGENT,
  /// The change feed of a library.
  LIBRARY,
  /// What one user is told on all connections.
  USER,
  /// What everybody of a tenant is told by the server; one per tenant.
  SYSTEM,
  /// What everybody of a tenant is told by the tenant; one per tenant.
  NOTIFICATIONS;

  private final String word = name().toLowerCase(Locale.ROOT);

  /// How it is written: the name in lower case.
  public String word() {
    return word;
  }

  /// Whether there is one per tenant, which needs no id.
  public boolean isGlobal() {
    return this == SYSTEM || this == NOTIFICATIONS;
  }

  /// The type of that word.
  public static Optional<ChannelType> parse(String word) {
    for (ChannelType type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}

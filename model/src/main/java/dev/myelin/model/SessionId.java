package dev.myelin.model;

import java.util.Optional;
import java.util.UUID;

/// Names one observation session; made by the server (UUID version 4).
public record SessionId(UUID value) {
  public static SessionId random() {
    return new SessionId(UUID.randomUUID());
  }

  /// The id in that text, or empty if it is no UUID: an unknown session is never an error.
  public static Optional<SessionId> parse(String text) {
    if (text.length() != 36) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SessionId(UUID.fromString(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

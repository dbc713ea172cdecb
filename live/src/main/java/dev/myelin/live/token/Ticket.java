package dev.myelin.live.token;

import java.time.Instant;

/// What stands for a principal once, until it expires.
public record Ticket(String secret, Instant expiresAt) {
  @Override
  public String toString() {
    return "Ticket[hidden, expiresAt=" + expiresAt + "]";
  }
}

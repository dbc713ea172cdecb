package dev.myelin.live.access;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What tenants and keys have in common when they are asked for.
final class Checks {
  private static final int MAX_NAME = 255;
  private static final Duration MAX_LIFETIME = Duration.ofDays(36_500);

  private Checks() {}

  static void name(String name) {
    that(
        !name.isBlank() && name.length() <= MAX_NAME,
        "name: empty or too long (expected: 1 to " + MAX_NAME + " characters).");
  }

  static void lifetime(@Nullable Duration lifetime) {
    that(
        lifetime == null || (lifetime.isPositive() && lifetime.compareTo(MAX_LIFETIME) <= 0),
        "expires_in_days: out of range (expected: 1 to " + MAX_LIFETIME.toDays() + ").");
  }

  static void that(boolean holds, String text) {
    if (!holds) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, text);
    }
  }
}

package dev.myelin.library.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long to wait after a failure: doubled each time up to a bound, then a random share of 50 to
/// 100 % of it, so that those who failed together do not come back together.
final class Backoff {
  private static final int MAX_DOUBLINGS = 20;

  private final WebhookConfig.Patience patience;
  private final RandomGenerator random;

  Backoff(WebhookConfig.Patience patience, RandomGenerator random) {
    this.patience = patience;
    this.random = random;
  }

  /// The pause after so many failures in a row.
  ///
  /// @param attempts from 1
  /// @param first the pause after the first one, before chance shortens it
  /// @param asked the header `Retry-After` of the answer, null if there is none; a pause is at
  ///   least that long, but not longer than configured
  Duration after(int attempts, Duration first, @Nullable String asked, Instant now) {
    Duration doubled = first.multipliedBy(1L << Math.min(attempts - 1, MAX_DOUBLINGS));
    long millis = min(doubled, patience.maxBackoff()).toMillis();
    Duration own = Duration.ofMillis(millis / 2 + random.nextLong(millis - millis / 2 + 1));
    Duration wanted = min(retryAfter(asked, now), patience.maxRetryAfter());
    return own.compareTo(wanted) >= 0 ? own : wanted;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /// The time in a header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
  private static Duration retryAfter(@Nullable String text, Instant now) {
    if (text == null) {
      return Duration.ZERO;
    }
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeException _) {
      return Duration.ZERO;
    }
  }
}

package dev.myelin.client;

import java.time.Duration;

/// How a stream comes back after its connection broke: exponential backoff with full jitter. The
/// wait before attempt n is a random part of `first * 2^n`, but of `longest` at most.
///
/// @param giveUpAfter how long without a connection until the stream ends; a server forgets a
///   session five minutes after its connection broke
public record RetryPolicy(Duration first, Duration longest, Duration giveUpAfter) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(4));

  public RetryPolicy {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "retry: first " + first + ", longest " + longest + " (expected: 0 < first <= longest)");
    }
  }
}

package dev.myelin.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How a stream comes back after its connection broke: exponential backoff with full jitter. The
/// wait before attempt n is a random part of `first * 2^n`, but of `longest` at most.
///
/// @param giveUpAfter how long without a connection until the stream ends; a server forgets a
///   session five minutes after its connection broke
public record RetryPolicy(Duration first, Duration longest, Duration giveUpAfter) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(4));

  private static final int MAX_DOUBLINGS = 30;

  public RetryPolicy {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "retry: first " + first + ", longest " + longest + " (expected: 0 < first <= longest)");
    }
  }

  /// A wait before another attempt: anything from 0 to a bound that doubles each time.
  ///
  /// @param attempt how many waits there were before
  public Duration pause(int attempt, RandomGenerator random) {
    long bound = first.toNanos() << Math.min(attempt, MAX_DOUBLINGS);
    if (bound <= 0 || bound > longest.toNanos()) {
      bound = longest.toNanos();
    }
    return Duration.ofNanos(random.nextLong(bound + 1));
  }
}

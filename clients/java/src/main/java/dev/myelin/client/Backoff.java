package dev.myelin.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The waits between attempts to connect. One thread.
final class Backoff {
  private static final int MAX_DOUBLINGS = 30;

  private final RetryPolicy policy;
  private final RandomGenerator random;
  private int attempt;

  Backoff(RetryPolicy policy, RandomGenerator random) {
    this.policy = policy;
    this.random = random;
  }

  /// The next wait: anything from 0 to a bound that doubles each time.
  Duration next() {
    long bound = policy.first().toNanos() << Math.min(attempt, MAX_DOUBLINGS);
    long longest = policy.longest().toNanos();
    if (bound <= 0 || bound > longest) {
      bound = longest;
    } else {
      attempt++;
    }
    return Duration.ofNanos(random.nextLong(bound + 1));
  }

  /// A connection held: the next wait is short again.
  void reset() {
    attempt = 0;
  }
}

package dev.myelin.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The waits between attempts to connect. One thread.
final class Backoff {
  private final RetryPolicy policy;
  private final RandomGenerator random;
  private int attempt;

  Backoff(RetryPolicy policy, RandomGenerator random) {
    this.policy = policy;
    this.random = random;
  }

  /// The next wait: anything from 0 to a bound that doubles each time.
  Duration next() {
    return policy.pause(attempt++, random);
  }

  /// A connection held: the next wait is short again.
  void reset() {
    attempt = 0;
  }
}

package dev.myelin.live.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// Refusals within a sliding window. Not for several threads at once.
final class StrikeCount {
  /// As many doublings as it takes from one second to a minute, and some.
  private static final int MAX_DOUBLINGS = 8;

  private final RateLimitConfig.Strikes config;
  private final Deque<Instant> times = new ArrayDeque<>(2);

  StrikeCount(RateLimitConfig.Strikes config) {
    this.config = config;
  }

  /// Counts one more, and says what comes of it.
  Verdict.Refused strike(String bucket, TokenBucket.Taken taken, Rate rate, Instant now) {
    Instant start = now.minus(config.window());
    while (!times.isEmpty() && !times.getFirst().isAfter(start)) {
      times.removeFirst();
    }
    // More than there may be say no more than that.
    if (times.size() >= Math.max(config.max(), MAX_DOUBLINGS)) {
      times.removeFirst();
    }
    times.addLast(now);
    int strikes = times.size();
    Duration pause = config.pause(strikes);
    return new Verdict.Refused(
        bucket,
        rate,
        taken.remaining(),
        pause.compareTo(taken.untilEnough()) < 0 ? taken.untilEnough() : pause,
        strikes,
        strikes >= config.max());
  }
}

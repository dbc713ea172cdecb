package dev.myelin.live.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketListener;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LockFreeBucket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// One bucket of tokens, full at first, filled evenly. Any thread.
final class TokenBucket {
  private final Kind kind;
  private final LockFreeBucket tokens;

  /// What came of taking tokens.
  ///
  /// @param untilEnough how long until there are enough; zero if there were
  record Taken(boolean enough, long remaining, Duration untilEnough) {}

  /// What the buckets of one rate share.
  static final class Kind {
    final Rate rate;
    private final BucketConfiguration configuration;
    private final TimeMeter time;

    Kind(Rate rate, InstantSource clock) {
      this.rate = rate;
      configuration =
          new BucketConfiguration(
              List.of(
                  Bandwidth.builder()
                      .capacity(rate.burst())
                      .refillGreedy(rate.limit(), rate.window())
                      .build()));
      time = new Time(clock);
    }
  }

  private record Time(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      Instant now = clock.instant();
      return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }

  TokenBucket(Kind kind) {
    this.kind = kind;
    tokens =
        new LockFreeBucket(
            kind.configuration, MathType.INTEGER_64_BITS, kind.time, BucketListener.NOPE);
  }

  /// Takes tokens if there are enough. What costs more than the bucket holds takes all of a full
  /// one: else it could never be.
  Taken take(long cost) {
    long wanted = Math.clamp(cost, 1, kind.rate.burst());
    ConsumptionProbe probe = tokens.tryConsumeAndReturnRemaining(wanted);
    return new Taken(
        probe.isConsumed(),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }
}

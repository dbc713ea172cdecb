package dev.myelin.live.limit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// How often a client may do what.
///
/// @param perUser by bucket; what is missing has its usual rate
/// @param perConnection of all frames of one connection
/// @param strikes what happens after refusals
/// @param maxKeys users and buckets that are remembered at the same time
public record RateLimitConfig(
    Map<Bucket, Rate> perUser, Rate perConnection, Strikes strikes, int maxKeys) {

  /// What happens after refusals.
  ///
  /// @param max so many within the window close the connection
  /// @param first pause that the first refusal asks for; doubled with each
  /// @param most longest pause of those
  public record Strikes(int max, Duration window, Duration first, Duration most) {
    static final Strikes DEFAULT =
        new Strikes(5, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMinutes(1));

    public Strikes {
      require("gateway.max-strikes", max);
      require("gateway.strike-window", window.toMillis());
      require("gateway.min-retry", first.toMillis());
      if (most.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            "gateway.max-retry: " + most + " (expected: " + first + " or more)");
      }
    }

    /// The pause that so many refusals ask for.
    Duration pause(int refusals) {
      Duration doubled = first.multipliedBy(1L << Math.min(refusals - 1, 20));
      return doubled.compareTo(most) < 0 ? doubled : most;
    }
  }

  /// The usual rates; 100 000 keys are about 30 MB at most.
  public static final RateLimitConfig DEFAULT =
      new RateLimitConfig(Map.of(), Rate.perSeconds(200, 1, 400), Strikes.DEFAULT, 100_000);

  public RateLimitConfig {
    Map<Bucket, Rate> whole = new EnumMap<>(Bucket.class);
    for (Bucket bucket : Bucket.values()) {
      whole.put(bucket, perUser.getOrDefault(bucket, bucket.usual()));
    }
    perUser = Map.copyOf(whole);
    require("gateway.max-rate-keys", maxKeys);
  }

  /// The rate of one bucket.
  public Rate rate(Bucket bucket) {
    return perUser.getOrDefault(bucket, bucket.usual());
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }
}

package dev.myelin.live.limit;

import dev.myelin.live.timer.Timeout;
import dev.myelin.live.timer.TimerWheel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How often users may do what: a token bucket for each user and [Bucket].
///
/// A refusal says when to try again: at first a second, then twice as long with each refusal within
/// a minute, and never less than it takes. Five within a minute, and the connection is to be
/// closed.
///
/// **Bounds.** Buckets that are full again are forgotten, for a new one is no different. When as
/// many are remembered as there may be, users beyond them are held by their connections' own line
/// only, until some are forgotten: strangers in masses must not lock out those who are known.
///
/// **Threads.** Any; nothing here blocks.
public final class RateLimits implements AutoCloseable {
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final RateLimitConfig config;
  private final TimerWheel timer;
  private final InstantSource clock;
  private final Map<Bucket, TokenBucket.Kind> kinds = new EnumMap<>(Bucket.class);
  private final TokenBucket.@Nullable Kind perConnection;
  private final Map<EntryKey, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
  private final LongAdder merged = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private volatile @Nullable Timeout sweep;
  private volatile boolean closed;

  private record EntryKey(RateKey key, Bucket bucket) {}

  public RateLimits(RateLimitConfig config, TimerWheel timer, InstantSource clock) {
    this.config = config;
    this.timer = timer;
    this.clock = clock;
    for (Bucket bucket : Bucket.values()) {
      if (!config.rate(bucket).isUnlimited()) {
        kinds.put(bucket, new TokenBucket.Kind(config.rate(bucket), clock));
      }
    }
    Rate ofConnection = config.perConnection();
    perConnection = ofConnection.isUnlimited() ? null : new TokenBucket.Kind(ofConnection, clock);
    sweep = timer.schedule(SWEEP, this::sweep);
  }

  /// Takes tokens for something that comes on no connection, such as a request, or a handshake.
  ///
  /// @param cost how many: 1, or as many as it has channels or bytes
  public Verdict check(RateKey key, Bucket bucket, long cost) {
    return check(key, bucket, cost, null);
  }

  /// The limits as one connection has them.
  public Line line(RateKey key) {
    return new Line(this, key);
  }

  /// @param strikes where a refusal is counted; null with the user and bucket
  Verdict check(RateKey key, Bucket bucket, long cost, @Nullable Supplier<StrikeCount> strikes) {
    TokenBucket.Kind kind = kinds.get(bucket);
    Entry entry = kind == null ? null : entry(new EntryKey(key, bucket), kind);
    if (kind == null || entry == null) {
      return Verdict.Allowed.INSTANCE;
    }
    entry.lastUsed = clock.instant();
    TokenBucket.Taken taken = entry.tokens.take(cost);
    if (taken.enough()) {
      return Verdict.Allowed.INSTANCE;
    }
    if (bucket.merges()) {
      merged.increment();
      return Verdict.Merged.INSTANCE;
    }
    if (strikes != null) {
      return refuse(strikes.get(), bucket.word(), taken, kind.rate);
    }
    synchronized (entry) {
      return refuse(entry.strikes, bucket.word(), taken, kind.rate);
    }
  }

  Verdict refuse(StrikeCount strikes, String bucket, TokenBucket.Taken taken, Rate rate) {
    refused.computeIfAbsent(bucket, _ -> new LongAdder()).increment();
    return strikes.strike(bucket, taken, rate, clock.instant());
  }

  TokenBucket.@Nullable Kind perConnection() {
    return perConnection;
  }

  StrikeCount newStrikes() {
    return new StrikeCount(config.strikes());
  }

  private @Nullable Entry entry(EntryKey key, TokenBucket.Kind kind) {
    Entry known = entries.get(key);
    if (known != null) {
      return known;
    }
    if (entries.size() >= config.maxKeys()) {
      unknown.increment();
      return null;
    }
    return entries.computeIfAbsent(
        key, _ -> new Entry(new TokenBucket(kind), newStrikes(), clock.instant()));
  }

  // -- forgetting ------------------------------------------------------------------------------

  private void sweep() {
    Instant now = clock.instant();
    entries.entrySet().removeIf(each -> isAsNew(each.getKey().bucket(), each.getValue(), now));
    if (!closed) {
      sweep = timer.schedule(SWEEP, this::sweep);
    }
  }

  /// Whether a bucket is full again, and its refusals are too old to count.
  private boolean isAsNew(Bucket bucket, Entry entry, Instant now) {
    Duration refill = config.rate(bucket).refill();
    Duration window = config.strikes().window();
    Duration idle = Duration.between(entry.lastUsed, now);
    return idle.compareTo(refill) >= 0 && idle.compareTo(window) >= 0;
  }

  /// What is configured.
  public RateLimitConfig config() {
    return config;
  }

  public RateStats stats() {
    Map<String, Long> counts = new HashMap<>();
    refused.forEach((bucket, count) -> counts.put(bucket, count.sum()));
    return new RateStats(entries.size(), counts, merged.sum(), unknown.sum());
  }

  /// Ends what it does by itself. Those who ask are answered as before.
  @Override
  public void close() {
    closed = true;
    Timeout waiting = sweep;
    if (waiting != null) {
      waiting.cancel();
    }
  }

  /// The tokens of one user and bucket. The object's own lock guards the strikes.
  private static final class Entry {
    final TokenBucket tokens;
    final StrikeCount strikes;
    volatile Instant lastUsed;

    Entry(TokenBucket tokens, StrikeCount strikes, Instant now) {
      this.tokens = tokens;
      this.strikes = strikes;
      lastUsed = now;
    }
  }
}

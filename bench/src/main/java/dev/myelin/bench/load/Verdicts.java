package dev.myelin.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;

/// What became of the observations of one connection: each number must get one verdict, in order.
///
/// Told by the reader of the connection alone; [#settled()] may be read by any thread, the rest
/// when the reader has ended.
public final class Verdicts {
  private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final LongUnaryOperator sentAt;
  private final long measureFrom;
  private final long measureTo;
  private final Histogram latency = new Histogram(MAX_NANOS, 3);
  private final Map<String, Long> rejected = new TreeMap<>();
  private volatile long settled;
  private long measured;

  /// @param sentAt from a number to the moment its latency counts from
  /// @param measureFrom what was due earlier only warms up, however late its acknowledgement comes
  /// @param measureTo an acknowledgement after that gives a latency, but does not count as achieved
  public Verdicts(LongUnaryOperator sentAt, long measureFrom, long measureTo) {
    this.sentAt = sentAt;
    this.measureFrom = measureFrom;
    this.measureTo = measureTo;
  }

  /// Verdicts that are not measured.
  ///
  /// @param floor the number before the first
  static Verdicts after(long floor) {
    Verdicts verdicts = new Verdicts(_ -> 0, Long.MAX_VALUE, Long.MAX_VALUE);
    verdicts.settled = floor;
    return verdicts;
  }

  /// A number was accepted.
  ///
  /// @throws LoadFailure if it is not the next one
  public void accepted(long sequence, long atNanos) {
    require(sequence);
    long sent = sentAt.applyAsLong(sequence);
    if (sent >= measureFrom) {
      latency.recordValue(Math.clamp(atNanos - sent, 1, MAX_NANOS));
      if (atNanos < measureTo) {
        measured++;
      }
    }
    settled = sequence;
  }

  /// A number was rejected.
  ///
  /// @throws LoadFailure if it is not the next one
  public void rejected(long sequence, String code) {
    require(sequence);
    rejected.merge(code, 1L, Long::sum);
    settled = sequence;
  }

  private void require(long sequence) {
    if (sequence != settled + 1) {
      throw new LoadFailure(
          "a verdict on number " + sequence + " came where " + (settled + 1) + " was due");
    }
  }

  /// The last number that has its verdict.
  public long settled() {
    return settled;
  }

  /// Client-side latency in nanoseconds of what was accepted after the warm-up.
  public Histogram latency() {
    return latency;
  }

  /// How many of those that were due after the warm-up were accepted in time.
  public long measured() {
    return measured;
  }

  /// How often which code was the reason of a rejection.
  public Map<String, Long> rejections() {
    return rejected;
  }
}

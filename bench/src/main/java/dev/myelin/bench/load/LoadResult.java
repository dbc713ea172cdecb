package dev.myelin.bench.load;

import java.util.Map;
import org.HdrHistogram.Histogram;

/// What a run gave; every observation that was sent got its verdict, in order.
///
/// @param sent with those of the warm-up
/// @param achievedPerSecond due and accepted per second while it was measured
/// @param rejections how often which code
/// @param latency nanoseconds from the intended sending to the acknowledgement, without the warm-up
public record LoadResult(
    long sent, double achievedPerSecond, Map<String, Long> rejections, Histogram latency) {
  public long rejected() {
    return rejections.values().stream().mapToLong(Long::longValue).sum();
  }

  public long accepted() {
    return sent - rejected();
  }

  /// A percentile of the latency in milliseconds.
  public double millis(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e6;
  }
}

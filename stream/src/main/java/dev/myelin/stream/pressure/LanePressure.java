package dev.myelin.stream.pressure;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One lane's pressure with its hysteresis, and how fast it drains. Any thread, but for
/// [#sample(Instant)], which one timer calls.
public final class LanePressure {
  /// The longest a client is told to wait.
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// How long to wait for a lane that does not move.
  static final Duration STALLED_WAIT = Duration.ofMinutes(1);

  /// How long to wait while no rate is known yet.
  static final Duration UNKNOWN_WAIT = Duration.ofSeconds(1);

  /// Time in which an old rate loses two thirds of its weight.
  private static final double MEMORY_SECONDS = 5;

  private final Function<Lane, LaneLoad> loads;
  private final Lane lane;
  private final PressureBounds bounds;
  private final LongAdder drained = new LongAdder();
  private volatile boolean high;
  private volatile double perSecond = -1;
  private long drainedBefore;
  private @Nullable Instant sampledAt;

  /// @param loads asks for the load of a lane; cheap
  public LanePressure(Function<Lane, LaneLoad> loads, Lane lane, PressureBounds bounds) {
    this.loads = loads;
    this.lane = lane;
    this.bounds = bounds;
  }

  /// The load now; notes whether it crosses a bound.
  public LaneLoad load() {
    LaneLoad load = loads.apply(lane);
    float pressure = load.pressure();
    if (high ? pressure < bounds.activeBelow() : pressure >= bounds.backpressureFrom()) {
      high = !high;
    }
    return load;
  }

  /// Whether clients should slow down, as last noted.
  public boolean isHigh() {
    return high;
  }

  /// Whether a load is so high that observations are rejected.
  public boolean isOverloaded(LaneLoad load) {
    return load.pressure() >= bounds.overloadedFrom();
  }

  /// Counts one transaction that left the lane.
  public void drained() {
    drained.increment();
  }

  /// Measures the rate at which the lane drains, and notes its load.
  public void sample(Instant now) {
    long total = drained.sum();
    if (sampledAt != null) {
      double seconds = Duration.between(sampledAt, now).toNanos() / 1e9;
      if (seconds <= 0) {
        return;
      }
      if (total > 0) {
        double rate = (total - drainedBefore) / seconds;
        double old = perSecond;
        double weight = Math.exp(-seconds / MEMORY_SECONDS);
        perSecond = old < 0 ? rate : old * weight + rate * (1 - weight);
      }
    }
    sampledAt = now;
    drainedBefore = total;
    load();
  }

  /// In what time half of what waits will have left the lane.
  public Duration retryAfter(LaneLoad load) {
    double rate = perSecond;
    if (rate < 0) {
      return UNKNOWN_WAIT;
    }
    if (rate < 1) {
      return STALLED_WAIT;
    }
    int leaving = Math.max(1, load.depth() - load.depth() / 2);
    Duration wait = Duration.ofMillis((long) Math.ceil(leaving * 1_000 / rate));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}

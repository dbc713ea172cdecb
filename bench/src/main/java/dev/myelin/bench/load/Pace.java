package dev.myelin.bench.load;

/// When each observation of one connection is meant to be sent.
///
/// Latency is counted from that moment, sent in time or not: a server that stalls is charged for
/// what waited behind the stall, too.
public final class Pace {
  private final long startNanos;
  private final double intervalNanos;

  /// @param startNanos when the first one is due, on the clock of [System#nanoTime()]
  /// @param perSecond more than zero
  public Pace(long startNanos, double perSecond) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("perSecond: " + perSecond + " (expected: more than 0)");
    }
    this.startNanos = startNanos;
    this.intervalNanos = 1e9 / perSecond;
  }

  /// When an observation is due; the first has number 1.
  public long dueAt(long sequence) {
    return startNanos + (long) ((sequence - 1) * intervalNanos);
  }

  /// The last number that is due at a moment, 0 if none is.
  public long dueBy(long nanos) {
    if (nanos < startNanos) {
      return 0;
    }
    long guess = (long) ((nanos - startNanos) / intervalNanos) + 1;
    while (dueAt(guess) > nanos) {
      guess--;
    }
    while (dueAt(guess + 1) <= nanos) {
      guess++;
    }
    return guess;
  }
}

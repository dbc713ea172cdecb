package dev.myelin.memory.tail;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory all fresh tails take together, against a bound.
///
/// The bound is asked at admission: what was admitted already is still published, so tails may grow
/// past it by what the journal's lanes hold.
public final class TailBudget {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  public TailBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(long more) {
    bytes.addAndGet(more);
  }

  public long bytes() {
    return bytes.get();
  }

  public long maxBytes() {
    return maxBytes;
  }

  /// Whether more should be indexed before more is admitted.
  public boolean isFull() {
    return bytes.get() > maxBytes;
  }
}

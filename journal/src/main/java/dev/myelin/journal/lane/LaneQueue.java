package dev.myelin.journal.lane;

import dev.myelin.journal.LaneLoad;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One lane: transactions that wait, first in first out. Any thread offers, the committer polls.
///
/// One word holds depth, bytes and whether the lane is open, so that admission is one
/// compare-and-set and the bounds are exact: a place is taken before the transaction is in the
/// queue, and given back after it left. Whoever sees depth 0 after the lane was shut therefore
/// knows that nothing more will come.
final class LaneQueue {
  private static final int BYTES_BITS = 40;
  private static final int DEPTH_BITS = 22;
  private static final long BYTES_MASK = (1L << BYTES_BITS) - 1;
  private static final long DEPTH_MASK = (1L << DEPTH_BITS) - 1;
  private static final long ONE_ITEM = 1L << BYTES_BITS;
  private static final long REFUSING = 1L << 62;
  private static final long CLOSED = 1L << 63;

  private final LaneBounds bounds;
  private final AtomicLong state = new AtomicLong();
  private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  LaneQueue(LaneBounds bounds) {
    this.bounds = bounds;
  }

  Admission offer(Waiting item) {
    while (true) {
      long seen = state.get();
      if ((seen & CLOSED) != 0) {
        return Admission.CLOSED;
      }
      if ((seen & REFUSING) != 0) {
        return Admission.REFUSED;
      }
      if (depth(seen) >= bounds.capacity() || bytes(seen) + item.bytes() > bounds.capacityBytes()) {
        return Admission.FULL;
      }
      if (state.compareAndSet(seen, seen + ONE_ITEM + item.bytes())) {
        waiting.add(item);
        return Admission.ADMITTED;
      }
    }
  }

  /// The next one, or null if there is none now; somebody may be about to add one he has a place
  /// for.
  @Nullable Waiting poll() {
    Waiting item = waiting.poll();
    if (item != null) {
      state.addAndGet(-ONE_ITEM - item.bytes());
    }
    return item;
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /// Whether nothing waits and nobody is about to add.
  boolean isDrained() {
    return depth(state.get()) == 0;
  }

  void close() {
    state.getAndUpdate(seen -> seen | CLOSED);
  }

  void refuse(boolean refusing) {
    state.getAndUpdate(seen -> refusing ? seen | REFUSING : seen & ~REFUSING);
  }

  LaneLoad load() {
    long seen = state.get();
    return new LaneLoad(depth(seen), bounds.capacity(), bytes(seen), bounds.capacityBytes());
  }

  private static int depth(long state) {
    return (int) (state >>> BYTES_BITS & DEPTH_MASK);
  }

  private static long bytes(long state) {
    return state & BYTES_MASK;
  }
}

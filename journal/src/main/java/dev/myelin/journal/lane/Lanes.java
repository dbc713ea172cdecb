package dev.myelin.journal.lane;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The three lanes and the order in which the committer empties them. Any thread offers; only the
/// committer polls and waits.
///
/// Strict priority, but nothing starves: a lane that 1 000 transactions from higher lanes have
/// passed gives one, the lowest such lane first.
public final class Lanes {
  /// How many may pass a waiting lane.
  static final int PATIENCE = 1_000;

  private final Map<Lane, LaneQueue> byLane = new EnumMap<>(Lane.class);

  /// From the highest to the lowest.
  private final LaneQueue[] queues;

  /// How many have gone before what waits in each of them.
  private final int[] passedBy;

  private volatile boolean asleep;
  private volatile boolean closed;
  private volatile @Nullable Thread sleeper;

  public Lanes(Function<Lane, LaneBounds> bounds) {
    for (Lane lane : Lane.values()) {
      byLane.put(lane, new LaneQueue(bounds.apply(lane)));
    }
    queues = byLane.values().toArray(new LaneQueue[0]);
    passedBy = new int[queues.length];
  }

  public Admission offer(Lane lane, Waiting item) {
    Admission admission = queue(lane).offer(item);
    if (admission == Admission.ADMITTED) {
      wake();
    }
    return admission;
  }

  private LaneQueue queue(Lane lane) {
    return Objects.requireNonNull(byLane.get(lane));
  }

  public LaneLoad load(Lane lane) {
    return queue(lane).load();
  }

  /// The transaction whose turn it is, or null if none waits.
  public @Nullable Waiting poll() {
    for (int lane = queues.length - 1; lane > 0; lane--) {
      if (passedBy[lane] >= PATIENCE) {
        passedBy[lane] = 0;
        Waiting item = queues[lane].poll();
        if (item != null) {
          return passing(lane, item);
        }
      }
    }
    for (int lane = 0; lane < queues.length; lane++) {
      Waiting item = queues[lane].poll();
      if (item != null) {
        passedBy[lane] = 0;
        return passing(lane, item);
      }
    }
    return null;
  }

  /// Counts, for each lower lane in which something waits, that `item` went before it.
  private Waiting passing(int lane, Waiting item) {
    for (int lower = lane + 1; lower < queues.length; lower++) {
      passedBy[lower] = queues[lower].hasWaiting() ? passedBy[lower] + 1 : 0;
    }
    return item;
  }

  /// Waits until something is offered, the lanes are closed, or the time is over. Only one thread
  /// may wait.
  public void await(long maxNanos) {
    sleeper = Thread.currentThread();
    asleep = true;
    if (!hasWaiting() && !closed) {
      LockSupport.parkNanos(this, maxNanos);
    }
    asleep = false;
  }

  /// Costs one volatile read if nobody waits.
  private void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(sleeper);
    }
  }

  public boolean hasWaiting() {
    for (LaneQueue queue : queues) {
      if (queue.hasWaiting()) {
        return true;
      }
    }
    return false;
  }

  /// Whether nothing waits and nobody is about to add.
  public boolean areDrained() {
    for (LaneQueue queue : queues) {
      if (!queue.isDrained()) {
        return false;
      }
    }
    return true;
  }

  /// Refuses every later offer, for good.
  public void close() {
    for (LaneQueue queue : queues) {
      queue.close();
    }
    closed = true;
    wake();
  }

  public boolean areClosed() {
    return closed;
  }

  /// Refuses every later offer until told otherwise.
  public void refuse(boolean refusing) {
    for (LaneQueue queue : queues) {
      queue.refuse(refusing);
    }
  }
}

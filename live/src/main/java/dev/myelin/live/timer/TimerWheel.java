package dev.myelin.live.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A hashed timer wheel: heartbeats, expiry, leave timers and all other waiting of live
/// connections, on one thread.
///
/// A timeout goes into the slot of the tick that it is due at; the hand visits one slot per tick.
/// Scheduling and calling off cost O(1) and contend for one slot only (Varghese and Lauck, *Hashed
/// and Hierarchical Timing Wheels*, SOSP 1987, scheme 6). A timeout is never early, and late by one
/// tick at most while tasks are quick.
///
/// **Threads.** Any may schedule and call off. Tasks run on the wheel's thread, one after another:
/// they must be quick and never block. What a task throws is logged, and the wheel goes on.
///
/// **Bounds.** The wheel has none of its own: each timeout belongs to a connection, a session or a
/// channel, which are bounded, and each of these keeps few of them.
public final class TimerWheel implements AutoCloseable {
  /// Finer than anything that waits for seconds needs, and ten wake-ups a second cost nothing.
  public static final Duration TICK = Duration.ofMillis(100);

  /// At the usual tick the hand goes round in 51.2 s: a heartbeat is visited once.
  private static final int SLOTS = 512;

  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

  private final long tickNanos;
  private final LongSupplier nanos;
  private final Slot[] slots = new Slot[SLOTS];
  private final AtomicInteger pending = new AtomicInteger();
  private final @Nullable Thread hand;

  /// The last tick whose slot the hand has visited or is about to visit.
  private volatile long visited = -1;

  private volatile boolean closed;

  private TimerWheel(Duration tick, LongSupplier nanos, boolean byItself) {
    if (tick.toMillis() < 1) {
      throw new IllegalArgumentException("tick: " + tick + " (expected: 1 ms or more)");
    }
    this.tickNanos = tick.toNanos();
    this.nanos = nanos;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot();
    }
    hand = byItself ? Thread.ofPlatform().name("timer-wheel").daemon().unstarted(this::run) : null;
  }

  /// A wheel that turns by itself until it is closed.
  public static TimerWheel start() {
    long start = System.nanoTime();
    TimerWheel wheel = new TimerWheel(TICK, () -> System.nanoTime() - start, true);
    if (wheel.hand != null) {
      wheel.hand.start();
    }
    return wheel;
  }

  /// A wheel that stands until [#turn()] is called, and then goes by the clock given.
  ///
  /// @param clock must not go back
  public static TimerWheel standing(InstantSource clock) {
    Instant start = clock.instant();
    return new TimerWheel(TICK, () -> Duration.between(start, clock.instant()).toNanos(), false);
  }

  /// Runs a task after a while. After [#close()] nothing is run any more.
  ///
  /// @param delay zero and less: with the next tick
  public Timeout schedule(Duration delay, Runnable task) {
    long due = nanos.getAsLong() + Math.max(0, delay.toNanos());
    Entry entry = new Entry(task);
    long tick = Math.ceilDiv(due, tickNanos);
    // The hand may be past that tick by now: then the next one that it has not reached.
    while (!slots[(int) (tick % SLOTS)].add(entry, tick)) {
      tick = visited + 1;
    }
    return entry;
  }

  /// How many timeouts wait.
  public int pending() {
    return pending.get();
  }

  /// Runs what is due. Called by the wheel's own thread; by the owner of a wheel that stands.
  public void turn() {
    long now = nanos.getAsLong() / tickNanos;
    // After a long standstill every slot needs one visit, not one for every tick that went by.
    if (now - visited > SLOTS) {
      visited = now - SLOTS;
    }
    while (visited < now && !closed) {
      long tick = visited + 1;
      visited = tick;
      run(slots[(int) (tick % SLOTS)].takeUntil(tick));
    }
  }

  private void run(List<Entry> due) {
    for (Entry entry : due) {
      if (closed) {
        return;
      }
      try {
        entry.task.run();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("A timeout's task failed; the timer goes on");
      }
    }
  }

  private void run() {
    while (!closed) {
      turn();
      long next = (visited + 1) * tickNanos;
      LockSupport.parkNanos(this, Math.max(1, next - nanos.getAsLong()));
    }
  }

  /// Stops the wheel; what waits is never run. A task that runs now ends first, unless that is who
  /// closes.
  @Override
  public void close() {
    closed = true;
    if (hand != null && !hand.equals(Thread.currentThread())) {
      LockSupport.unpark(hand);
      try {
        hand.join(Duration.ofSeconds(10));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// The timeouts of all ticks that share a place on the wheel, in a ring around an entry that
  /// stands for the slot. The slot's lock guards the ring and its entries.
  private final class Slot {
    private final Entry ring = new Entry(() -> {});

    synchronized boolean add(Entry entry, long tick) {
      // The hand writes `visited` before it takes this lock, so it cannot slip past unseen; and
      // behind the hand, the entry would be visited a whole round too late.
      if (tick <= visited) {
        return false;
      }
      entry.slot = this;
      entry.tick = tick;
      entry.next = ring;
      entry.before = ring.before;
      entry.before.next = entry;
      ring.before = entry;
      pending.incrementAndGet();
      return true;
    }

    synchronized boolean remove(Entry entry) {
      if (!entry.isLinked()) {
        return false;
      }
      entry.before.next = entry.next;
      entry.next.before = entry.before;
      entry.before = entry;
      entry.next = entry;
      pending.decrementAndGet();
      return true;
    }

    /// Takes out what is due at a tick or was before, in the order in which it was added.
    synchronized List<Entry> takeUntil(long tick) {
      if (!ring.isLinked()) {
        return List.of();
      }
      List<Entry> due = new ArrayList<>();
      Entry next;
      for (Entry entry = ring.next; entry != ring; entry = next) {
        next = entry.next;
        if (entry.tick <= tick) {
          remove(entry);
          due.add(entry);
        }
      }
      return due;
    }
  }

  /// One timeout; linked to itself while it is in no slot.
  private static final class Entry implements Timeout {
    final Runnable task;
    Entry before = this;
    Entry next = this;
    long tick;
    @Nullable Slot slot;

    Entry(Runnable task) {
      this.task = task;
    }

    boolean isLinked() {
      return next != this;
    }

    @Override
    public boolean cancel() {
      Slot mine = slot;
      return mine != null && mine.remove(this);
    }
  }
}

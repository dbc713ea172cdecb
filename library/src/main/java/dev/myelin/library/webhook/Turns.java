package dev.myelin.library.webhook;

import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.webhook.Slots.Slot;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Gives lanes their turns: each runs on one thread at a time, so many at the same time as there
/// are [Slots]. Those that failed wait until they are due. One lock guards everything here; nothing
/// is run under it.
final class Turns {
  private final Slots slots;
  private final Executor executor;
  private final Function<Lane, Outcome> runner;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Lane.Id, Lane> lanes = new HashMap<>();
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.comparing(Waiting::due));
  private boolean closed;

  /// What came of a turn.
  sealed interface Outcome {}

  /// There is nothing to do for now.
  record Idle() implements Outcome {}

  /// There is more to do; others come first.
  record More() implements Outcome {}

  /// There is something to do, but not before a time.
  record NotBefore(Instant due) implements Outcome {}

  /// A lane that waits, as it was when it began to: one that was woken meanwhile is passed by.
  private record Waiting(Lane lane, Instant due, String target) {}

  /// @param executor runs turns, a virtual thread each
  /// @param runner makes a turn of a lane, and does not throw
  Turns(WebhookConfig.InFlight bounds, Executor executor, Function<Lane, Outcome> runner) {
    slots = new Slots(bounds);
    this.executor = executor;
    this.runner = runner;
  }

  /// There is something to do in a lane, unless it waits for its time. Never blocks.
  ///
  /// @param target what the lane's webhook calls
  /// @param event what just happened there, null if that is not known
  void ready(Lane.Id id, String target, @Nullable LibraryEvent event) {
    locked(() -> {
      Lane lane = lanes.computeIfAbsent(id, Lane::new);
      if (event != null) {
        lane.offer(event);
      }
      switch (lane.state) {
        case IDLE -> enqueue(lane, target);
        case RUNNING -> lane.again = true;
        case READY, WAITING -> {
          // Its turn comes.
        }
      }
    });
  }

  /// Does not let the lanes of a webhook wait any longer.
  void wake(String webhook, String target) {
    locked(() -> {
      for (Lane lane : List.copyOf(lanes.values())) {
        if (lane.id().webhook().equals(webhook)) {
          if (lane.state == Lane.State.WAITING) {
            enqueue(lane, target);
          } else if (lane.state == Lane.State.RUNNING) {
            lane.again = true;
          }
        }
      }
      waiting.removeIf(one -> one.lane.id().webhook().equals(webhook));
    });
  }

  /// Lets those go on that are due.
  void tick(Instant now) {
    locked(() -> {
      Waiting first = waiting.peek();
      while (first != null && !first.due.isAfter(now)) {
        waiting.remove();
        if (first.lane.state == Lane.State.WAITING) {
          enqueue(first.lane, first.target);
        }
        first = waiting.peek();
      }
    });
  }

  int inFlight() {
    lock.lock();
    try {
      return slots.running();
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Begins no further turn.
  void close() {
    locked(() -> closed = true);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      begin();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Lane lane, String target) {
    lane.state = Lane.State.READY;
    slots.add(lane, target);
  }

  private void begin() {
    Slot slot = closed ? null : slots.next();
    while (slot != null) {
      run(slot);
      slot = slots.next();
    }
  }

  private void run(Slot slot) {
    Lane lane = slot.lane();
    lane.state = Lane.State.RUNNING;
    lane.again = false;
    executor.execute(() -> {
      Outcome outcome = runner.apply(lane);
      locked(() -> end(slot, outcome));
    });
  }

  private void end(Slot slot, Outcome outcome) {
    Lane lane = slot.lane();
    slots.end(slot);
    if (lane.again) {
      enqueue(lane, slot.target());
      return;
    }
    switch (outcome) {
      case Idle _ -> {
        lane.state = Lane.State.IDLE;
        lanes.remove(lane.id());
      }
      case More _ -> enqueue(lane, slot.target());
      case NotBefore later -> {
        lane.state = Lane.State.WAITING;
        waiting.add(new Waiting(lane, later.due, slot.target()));
      }
    }
  }
}

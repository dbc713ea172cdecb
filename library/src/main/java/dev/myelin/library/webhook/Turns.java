package dev.myelin.library.webhook;

import dev.myelin.library.event.LibraryEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Gives lanes their turns: each runs on one thread at a time, so many at the same time over all
/// and to one target, targets one after the other. Those that failed wait until they are due. One
/// lock guards everything here; nothing is run under it.
final class Turns {
  private final WebhookConfig.InFlight bounds;
  private final Executor executor;
  private final Function<Lane, Outcome> runner;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Lane.Id, Lane> lanes = new HashMap<>();
  private final Map<String, Line> lines = new HashMap<>();
  private final ArrayDeque<Line> open = new ArrayDeque<>();
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.comparing(Waiting::due));
  private int inFlight;
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

  /// Lanes that call one target.
  private static final class Line {
    final String target;
    final ArrayDeque<Lane> ready = new ArrayDeque<>();
    int running;
    boolean open;

    Line(String target) {
      this.target = target;
    }
  }

  /// @param executor runs turns, a virtual thread each
  /// @param runner makes a turn of a lane, and does not throw
  Turns(WebhookConfig.InFlight bounds, Executor executor, Function<Lane, Outcome> runner) {
    this.bounds = bounds;
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
      return inFlight;
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
    Line line = lines.computeIfAbsent(target, Line::new);
    line.ready.add(lane);
    open(line);
  }

  private void open(Line line) {
    if (!line.open && !line.ready.isEmpty() && line.running < bounds.perTarget()) {
      line.open = true;
      open.add(line);
    }
  }

  private void begin() {
    while (!closed && inFlight < bounds.all() && !open.isEmpty()) {
      Line line = open.remove();
      line.open = false;
      Lane lane = line.ready.remove();
      lane.state = Lane.State.RUNNING;
      lane.again = false;
      line.running++;
      inFlight++;
      open(line);
      executor.execute(() -> {
        Outcome outcome = runner.apply(lane);
        locked(() -> end(line, lane, outcome));
      });
    }
  }

  private void end(Line line, Lane lane, Outcome outcome) {
    line.running--;
    inFlight--;
    if (lane.again) {
      enqueue(lane, line.target);
    } else {
      switch (outcome) {
        case Idle _ -> {
          lane.state = Lane.State.IDLE;
          lanes.remove(lane.id());
        }
        case More _ -> enqueue(lane, line.target);
        case NotBefore later -> {
          lane.state = Lane.State.WAITING;
          waiting.add(new Waiting(lane, later.due, line.target));
        }
      }
    }
    open(line);
    if (line.running == 0 && line.ready.isEmpty()) {
      lines.remove(line.target);
    }
  }
}

package dev.myelin.stream;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An event loop that the test's own thread turns.
final class HandLoop {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  void execute(Runnable task) {
    tasks.add(task);
  }

  /// Runs what is queued now.
  void turn() {
    Runnable task = tasks.poll();
    while (task != null) {
      task.run();
      task = tasks.poll();
    }
  }

  int waiting() {
    return tasks.size();
  }

  /// Runs tasks until the condition holds.
  void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never came true in " + DEADLINE + ": " + what);
      }
      Runnable task = next();
      if (task != null) {
        task.run();
      }
    }
  }

  /// The next task, or null if there is none for a moment.
  private @Nullable Runnable next() {
    try {
      return tasks.poll(1, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

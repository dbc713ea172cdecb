package dev.myelin.client.transport;

import java.time.Duration;

/// One thread that runs tasks one after the other, and knows the time.
public interface Loop {

  /// Runs a task after those that came before it; any thread.
  void execute(Runnable task);

  /// Runs a task later; call it on the loop itself.
  Timer schedule(Duration delay, Runnable task);

  /// A clock that only ever goes forward.
  long nanoTime();

  /// A task that waits for its time.
  interface Timer {
    /// Does nothing if it ran already.
    void cancel();
  }
}

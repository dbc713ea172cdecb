package dev.myelin.bench.stream;

import dev.myelin.bench.load.Load;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Pace;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// Recalls what was acknowledged last, beside a running load, at a steady rate.
final class RecallLoad {
  private final RecallProbe probe;
  private final Load load;
  private final int connections;
  private final Pace pace;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile String broken = "";

  /// Starts.
  RecallLoad(RecallProbe probe, Load load, int connections, double perSecond) {
    this.probe = probe;
    this.load = load;
    this.connections = connections;
    this.pace = new Pace(System.nanoTime(), perSecond);
    this.thread = Thread.ofPlatform().name("recalls").start(this::run);
  }

  private void run() {
    try {
      for (long number = 1; !stopped; number++) {
        for (long wait = pace.dueAt(number) - System.nanoTime(); wait > 0 && !stopped; ) {
          LockSupport.parkNanos(wait);
          wait = pace.dueAt(number) - System.nanoTime();
        }
        int connection = (int) (number % connections);
        long settled = load.settled(connection);
        if (settled > 0) {
          probe.look(connection, settled);
        }
      }
    } catch (IOException | LoadFailure e) {
      broken = "recalls beside the load failed: " + e.getMessage();
    }
  }

  /// Ends it; the probe may be read then.
  void stop() throws InterruptedException {
    stopped = true;
    LockSupport.unpark(thread);
    thread.join();
  }

  /// @throws LoadFailure if a recall failed
  void requireUnbroken() {
    if (!broken.isEmpty()) {
      throw new LoadFailure(broken);
    }
  }
}

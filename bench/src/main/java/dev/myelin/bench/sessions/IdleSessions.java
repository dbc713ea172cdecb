package dev.myelin.bench.sessions;

import dev.myelin.bench.load.JsonStream;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Sessions that are opened and left: a connection has one session, so a hundred connections at a
/// time open them in turn.
final class IdleSessions {
  private static final int CONNECTIONS = 100;
  private static final int BUFFER = 8 * 1024;

  private IdleSessions() {}

  /// Comes back when all are opened.
  static void open(Target target, int count) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(count);
    Callable<Integer> opener =
        () -> {
          int opened = 0;
          for (; left.getAndDecrement() > 0; opened++) {
            JsonStream.open(target, "idle", BUFFER).close();
          }
          return opened;
        };
    List<Future<Integer>> openers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        openers.add(threads.submit(opener));
      }
      for (Future<Integer> one : openers) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new LoadFailure("a session could not be opened: " + e.getMessage(), e);
    }
  }
}

package dev.myelin.memory.space;

import dev.myelin.journal.nativelib.BackgroundThreads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Indexes, opens and closes spaces in the background, on one thread for all of them, so that a
/// core stays free for serving. A space waits in line at most once.
public final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long PERIOD_MILLIS = 500;

  private final Spaces spaces;
  private final Set<Space> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean relieving = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;
  private final ScheduledFuture<?> ticking;

  private Upkeep(Spaces spaces) {
    this.spaces = spaces;
    thread = new ScheduledThreadPoolExecutor(1, BackgroundThreads.named("memory-indexer"));
    ticking =
        thread.scheduleWithFixedDelay(
            this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  public static Upkeep start(Spaces spaces) {
    return new Upkeep(spaces);
  }

  /// A space should be indexed, or opened. Any thread; never blocks.
  public void due(Space space) {
    if (waiting.add(space)) {
      try {
        thread.execute(() -> maintain(space));
      } catch (RejectedExecutionException _) {
        waiting.remove(space);
      }
    }
  }

  /// The fresh tails are full. Any thread; never blocks.
  public void full() {
    if (relieving.compareAndSet(false, true)) {
      try {
        thread.execute(this::relieve);
      } catch (RejectedExecutionException _) {
        relieving.set(false);
      }
    }
  }

  /// A space is gone: its index goes too. Any thread; never blocks.
  public void dropped(Space space) {
    try {
      thread.execute(() -> clear(space));
    } catch (RejectedExecutionException _) {
      // Its index is of an epoch that does not come back: it is emptied when it is opened.
    }
  }

  private void clear(Space space) {
    try {
      spaces.clear(space);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("space", space.id())
          .setCause(e)
          .log("The index of a deleted space cannot be deleted; it is emptied when it is used");
    }
  }

  private void relieve() {
    relieving.set(false);
    try {
      spaces.relieve();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("The fresh tails cannot be indexed now; it is tried again");
    }
  }

  private void maintain(Space space) {
    waiting.remove(space);
    try {
      spaces.maintain(space);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("space", space.id())
          .setCause(e)
          .log("A space cannot be opened or indexed now; it is tried again");
    }
  }

  private void tick() {
    try {
      spaces.closeIdle(System.nanoTime());
      spaces.lagging().forEach(this::due);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The upkeep of spaces failed; it is tried again");
    }
  }

  /// Waits for what runs; what waits is dropped.
  @Override
  public void close() {
    // Without interrupting: an interrupt closes the files of an index.
    ticking.cancel(false);
    thread.getQueue().clear();
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

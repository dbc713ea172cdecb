package dev.myelin.memory.index;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.MergePolicy.OneMerge;
import org.apache.lucene.index.MergeScheduler;
import org.apache.lucene.index.MergeTrigger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the merges of one index on a pool that all indexes share, one at a time per index.
final class MergePool extends MergeScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(MergePool.class);

  private final Executor pool;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closed;

  MergePool(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void merge(MergeSource source, MergeTrigger trigger) {
    if (source.hasPendingMerges() && !closed && running.compareAndSet(0, 1)) {
      try {
        pool.execute(() -> run(source));
      } catch (RejectedExecutionException _) {
        // Shutting down: the merge is found again at the next opening.
        running.set(0);
      }
    }
  }

  private void run(MergeSource source) {
    try {
      for (OneMerge merge = next(source); merge != null; merge = next(source)) {
        source.merge(merge);
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        LOG.atWarn().setCause(e).log("A merge failed; it is tried again after the next commit");
      }
    } finally {
      running.set(0);
    }
    // What was found while this was ending would wait for the next commit otherwise.
    merge(source, MergeTrigger.EXPLICIT);
  }

  private @Nullable OneMerge next(MergeSource source) {
    return closed ? null : source.getNextMerge();
  }

  @Override
  public void close() {
    closed = true;
  }
}

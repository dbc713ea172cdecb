package dev.myelin.journal.rocks;

import dev.myelin.journal.Transaction;
import dev.myelin.journal.lane.Lanes;
import dev.myelin.journal.lane.Waiting;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes: takes what waits, runs it, writes and syncs once, then tells.
///
/// There is no timer: while one batch syncs, the next one gathers in the lanes, so batches grow
/// with the load and a lone transaction does not wait.
final class Committer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);

  private final Lanes lanes;
  private final Tails tails;
  private final JournalMetrics metrics;
  private final JournalConfig config;
  private final InstantSource clock;
  private final BatchOverlay overlay;
  private final DurableWriter writer;
  private final List<Outcome> outcomes = new ArrayList<>();

  Committer(Parts parts, BatchOverlay overlay, DurableWriter writer) {
    this.lanes = parts.lanes;
    this.tails = parts.tails;
    this.metrics = parts.metrics;
    this.config = parts.config;
    this.clock = parts.clock;
    this.overlay = overlay;
    this.writer = writer;
  }

  @Override
  public void run() {
    try (writer) {
      while (!isDone()) {
        Waiting first = lanes.poll();
        if (first != null) {
          commit(first);
          if (writer.trouble() != null) {
            ride();
          }
        } else if (lanes.areClosed()) {
          Thread.onSpinWait(); // somebody has a place and is about to add
        } else {
          lanes.await(Long.MAX_VALUE);
        }
      }
    }
  }

  private boolean isDone() {
    return lanes.areClosed() && lanes.areDrained();
  }

  /// Refuses everything until the disk can be written again.
  private void ride() {
    long retry = config.disk().minRetry().toNanos();
    while (writer.trouble() != null && !isDone()) {
      refuseWaiting();
      lanes.await(retry);
      retry = Math.min(2 * retry, config.disk().maxRetry().toNanos());
      if (!lanes.areClosed()) {
        writer.recover();
      }
    }
    lanes.refuse(false);
  }

  private void refuseWaiting() {
    while (!lanes.areDrained()) {
      Waiting next = lanes.poll();
      if (next != null) {
        outcomes.add(new Outcome(next.transaction(), null));
      }
    }
    tell(writer.trouble());
  }

  private void commit(Waiting first) {
    gather(first);
    ServiceException failure = null;
    Changes changes = overlay.changes();
    if (!changes.isEmpty()) {
      long started = System.nanoTime();
      failure = writer.write(changes, overlay.nextStreamId());
      metrics.wrote(outcomes.size(), writer.lastBytes(), System.nanoTime() - started);
      lanes.refuse(writer.trouble() != null); // before anybody hears of it
    }
    if (failure == null) {
      tails.tell(changes.appended());
    }
    tell(failure);
  }

  private void gather(Waiting first) {
    Instant time = clock.instant().truncatedTo(ChronoUnit.MICROS);
    overlay.begin(time);
    outcomes.clear();
    int maxTransactions = config.batch().maxTransactions();
    long room = config.batch().maxBytes();
    Waiting next = first;
    while (next != null) {
      outcomes.add(run(next.transaction()));
      room -= next.bytes();
      next = room > 0 && outcomes.size() < maxTransactions ? lanes.poll() : null;
    }
  }

  private Outcome run(Transaction transaction) {
    try {
      overlay.run(transaction);
      return new Outcome(transaction, null);
    } catch (ServiceException e) {
      return new Outcome(transaction, e);
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("A transaction failed by a bug; it was undone");
      return new Outcome(
          transaction,
          new ServiceException(
              ErrorCode.INTERNAL,
              "The server failed at this request; nothing was stored.",
              null,
              e));
    }
  }

  private void tell(@Nullable ServiceException failure) {
    for (Outcome outcome : outcomes) {
      ServiceException reason = outcome.refused() != null ? outcome.refused() : failure;
      metrics.ended(reason);
      try {
        if (reason == null) {
          outcome.transaction().committed();
        } else {
          outcome.transaction().failed(reason);
        }
      } catch (RuntimeException | Error e) {
        log.atError().setCause(e).log("A transaction failed when it was told its outcome");
      }
    }
    tails.batchTold();
    outcomes.clear();
  }

  /// What the committer works with.
  record Parts(
      Lanes lanes,
      Tails tails,
      JournalMetrics metrics,
      JournalConfig config,
      InstantSource clock) {}

  private record Outcome(Transaction transaction, @Nullable ServiceException refused) {}
}

package dev.myelin.stream;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A journal whose disk fails when a test says so: a real one, with failures before its door.
final class FailingJournal implements Journal {
  static final String DISK_FULL = "The disk is full; nothing was stored.";

  private final Journal journal;

  /// Whether the door is shut: nothing is queued.
  volatile BooleanSupplier refuses = () -> false;

  /// Whether a transaction that runs fails.
  volatile BooleanSupplier fails = () -> false;

  /// How many transactions are committed, but told that nobody knows.
  final AtomicInteger unknown = new AtomicInteger();

  /// Whether reading a table fails as no disk does: by a bug.
  volatile boolean breaksReading;

  final AtomicInteger submitted = new AtomicInteger();

  FailingJournal(Journal journal) {
    this.journal = journal;
  }

  /// Keeps the committer from going on until the latch is released.
  CountDownLatch block() {
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    journal.submit(
        Lane.HIGH,
        new Transaction() {
          @Override
          public int sizeInBytes() {
            return 1;
          }

          @Override
          public void run(Batch batch) {
            begun.countDown();
            await(latch);
          }

          @Override
          public void committed() {}

          @Override
          public void failed(ServiceException reason) {}
        });
    await(begun);
    return latch;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static ServiceException diskFull() {
    return new ServiceException(ErrorCode.STORAGE_UNAVAILABLE, DISK_FULL);
  }

  @Override
  public void submit(Lane lane, Transaction transaction) {
    if (refuses.getAsBoolean()) {
      throw diskFull();
    }
    submitted.incrementAndGet();
    journal.submit(lane, new Failing(transaction));
  }

  private final class Failing implements Transaction {
    private final Transaction transaction;

    Failing(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public int sizeInBytes() {
      return transaction.sizeInBytes();
    }

    @Override
    public void run(Batch batch) {
      transaction.run(batch);
      if (fails.getAsBoolean()) {
        throw diskFull();
      }
    }

    @Override
    public void committed() {
      if (unknown.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        transaction.failed(new ServiceException(ErrorCode.OUTCOME_UNKNOWN, "Nobody knows."));
      } else {
        transaction.committed();
      }
    }

    @Override
    public void failed(ServiceException reason) {
      transaction.failed(reason);
    }
  }

  @Override
  public LaneLoad load(Lane lane) {
    return journal.load(lane);
  }

  @Override
  public Optional<StreamEnd> end(StreamName stream) {
    return journal.end(stream);
  }

  @Override
  public Page read(StreamName stream, long from, PageLimit limit) {
    return journal.read(stream, from, limit);
  }

  @Override
  public @Nullable JournalRecord read(StreamName stream, long offset) {
    return journal.read(stream, offset);
  }

  @Override
  public Subscription tail(StreamName stream, TailListener listener) {
    return journal.tail(stream, listener);
  }

  @Override
  public Subscription afterBatches(Runnable task) {
    return journal.afterBatches(task);
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    if (breaksReading) {
      throw new IllegalStateException("reading: broken (expected: by the test)");
    }
    return journal.get(table, key);
  }

  @Override
  public void scan(Table table, byte[] prefix, byte[] from, PairVisitor visitor) {
    journal.scan(table, prefix, from, visitor);
  }

  @Override
  public void backup(Path folder) {
    journal.backup(folder);
  }

  @Override
  public void close() {
    journal.close();
  }
}

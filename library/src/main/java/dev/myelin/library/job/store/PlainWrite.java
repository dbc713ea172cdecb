package dev.myelin.library.job.store;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A write that changes no library.
final class PlainWrite implements Transaction {
  private final int sizeInBytes;
  private final Consumer<Batch> change;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();

  private PlainWrite(int sizeInBytes, Consumer<Batch> change) {
    this.sizeInBytes = sizeInBytes;
    this.change = change;
  }

  /// Makes a change and waits until it is durable.
  ///
  /// @param change may run again; gives the batch arrays of its own each time
  /// @throws ServiceException what refused it
  static void make(Journal journal, int sizeInBytes, Consumer<Batch> change) {
    PlainWrite write = new PlainWrite(sizeInBytes, change);
    journal.submit(Lane.NORMAL, write);
    var _ = FeedWriter.await(write.done);
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public void run(Batch batch) {
    change.accept(batch);
  }

  @Override
  public void committed() {
    done.complete(true);
  }

  @Override
  public void failed(ServiceException reason) {
    done.completeExceptionally(reason);
  }
}

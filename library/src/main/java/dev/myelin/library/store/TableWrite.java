package dev.myelin.library.store;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// A write of tables that goes with no change of a space, and that somebody waits for.
public final class TableWrite implements Transaction {
  private final int sizeInBytes;
  private final Consumer<Batch> change;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();

  private TableWrite(int sizeInBytes, Consumer<Batch> change) {
    this.sizeInBytes = sizeInBytes;
    this.change = change;
  }

  /// Returns when the change is durable.
  ///
  /// @param sizeInBytes what it holds in memory while it waits
  /// @param change runs on the committer thread, may run again after a failed disk came back, and
  ///   must be quick; a ServiceException undoes it
  /// @throws ServiceException as the change or the journal refuses it: nothing was changed
  public static void await(Journal journal, Lane lane, int sizeInBytes, Consumer<Batch> change) {
    TableWrite write = new TableWrite(sizeInBytes, change);
    journal.submit(lane, write);
    try {
      var _ = write.done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
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

package dev.myelin.live.access;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// A transaction that somebody waits for.
public final class BlockingChange implements Transaction {
  private static final int SIZE = 64 * 1024;

  private final Consumer<Batch> change;
  private final CompletableFuture<Void> outcome = new CompletableFuture<>();

  private BlockingChange(Consumer<Batch> change) {
    this.change = change;
  }

  /// Returns when the change is durable.
  ///
  /// @throws ServiceException as the journal refuses it
  public static void submit(Journal journal, Consumer<Batch> change) {
    BlockingChange transaction = new BlockingChange(change);
    journal.submit(Lane.HIGH, transaction);
    try {
      transaction.outcome.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException reason ? reason : e;
    }
  }

  @Override
  public int sizeInBytes() {
    return SIZE;
  }

  @Override
  public void run(Batch batch) {
    change.accept(batch);
  }

  @Override
  public void committed() {
    outcome.complete(null);
  }

  @Override
  public void failed(ServiceException reason) {
    outcome.completeExceptionally(reason);
  }
}

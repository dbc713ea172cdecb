package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A transaction with a result, which is told to others first and then to who asked.
///
/// @param <T> what it leads to
final class Work<T> implements Transaction {
  private final int sizeInBytes;
  private final Function<Batch, T> change;
  private final Consumer<T> telling;
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private @Nullable T result;

  private Work(int sizeInBytes, Function<Batch, T> change, Consumer<T> telling) {
    this.sizeInBytes = sizeInBytes;
    this.change = change;
    this.telling = telling;
  }

  /// Queues a change; never blocks. What cannot be queued has failed.
  ///
  /// @param telling runs when it is durable and visible, on the committer thread, before the
  ///   completion
  static <T> CompletableFuture<T> submit(
      Journal journal, int sizeInBytes, Function<Batch, T> change, Consumer<T> telling) {
    Work<T> work = new Work<>(sizeInBytes, change, telling);
    try {
      journal.submit(Lane.HIGH, work);
    } catch (ServiceException e) {
      return CompletableFuture.failedFuture(e);
    }
    return work.done;
  }

  /// Makes a change and waits for it.
  ///
  /// @throws ServiceException as the journal refuses it
  static <T> T await(CompletableFuture<T> change) {
    try {
      return change.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException reason ? reason : e;
    }
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public void run(Batch batch) {
    result = change.apply(batch);
  }

  @Override
  public void committed() {
    T made = result;
    if (made != null) {
      telling.accept(made);
      done.complete(made);
    }
  }

  @Override
  public void failed(ServiceException reason) {
    done.completeExceptionally(reason);
  }
}

package dev.myelin.library.feed;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Deletes rows that nobody looks for any more.
final class Cleaning implements Transaction {
  private final Table table;
  private final List<byte[]> keys;
  private final CompletableFuture<Integer> done = new CompletableFuture<>();

  Cleaning(Table table, List<byte[]> keys) {
    this.table = table;
    this.keys = List.copyOf(keys);
  }

  @Override
  public int sizeInBytes() {
    return keys.stream().mapToInt(key -> key.length).sum();
  }

  @Override
  public void run(Batch batch) {
    // The batch takes over the arrays it is given, and this may run again.
    keys.forEach(key -> batch.delete(table, key.clone()));
  }

  @Override
  public void committed() {
    done.complete(keys.size());
  }

  @Override
  public void failed(ServiceException reason) {
    done.completeExceptionally(reason);
  }

  CompletableFuture<Integer> done() {
    return done;
  }
}

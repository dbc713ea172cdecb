package dev.myelin.memory.space;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Notes how many memories a space has, so that it need not be opened to be listed.
final class CountTransaction implements Transaction {
  private final Space space;
  private final long memories;
  private final long countedAt;
  private @Nullable SpaceRow row;

  CountTransaction(Space space, long memories, long countedAt) {
    this.space = space;
    this.memories = memories;
    this.countedAt = countedAt;
  }

  @Override
  public int sizeInBytes() {
    return 128;
  }

  @Override
  public void run(Batch batch) {
    byte[] bytes = batch.get(SpaceTables.SPACES, space.key());
    row = bytes == null ? null : SpaceRow.decode(bytes).withCount(memories, countedAt);
    if (row != null) {
      batch.put(SpaceTables.SPACES, space.key(), row.encode());
    }
  }

  @Override
  public void committed() {
    if (row != null) {
      space.settle(row);
    }
  }

  /// It is counted again when it is asked for.
  @Override
  public void failed(ServiceException reason) {}
}

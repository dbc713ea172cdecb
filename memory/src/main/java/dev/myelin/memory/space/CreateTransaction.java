package dev.myelin.memory.space;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Creates a space, or fixes the dimension of one that has none yet.
public final class CreateTransaction implements Transaction {
  private final Space space;
  private final int dimension;
  private final CompletableFuture<SpaceRow> created = new CompletableFuture<>();
  private @Nullable SpaceRow row;

  public CreateTransaction(Space space, int dimension) {
    if (dimension < 0 || dimension > Embedding.MAX_DIMENSION) {
      throw new ServiceException(
          ErrorCode.INVALID_SPACE,
          "Invalid dimension: "
              + dimension
              + " (expected: 1 to "
              + Embedding.MAX_DIMENSION
              + ", or 0 for that of the first embedding).");
    }
    this.space = space;
    this.dimension = dimension;
  }

  @Override
  public int sizeInBytes() {
    return 256;
  }

  @Override
  public void run(Batch batch) {
    byte[] bytes = batch.get(SpaceTables.SPACES, space.key());
    SpaceRow old = bytes == null ? null : SpaceRow.decode(bytes);
    if (old == null) {
      row = SpaceRow.created(batch.time(), dimension);
    } else if (dimension == 0 || old.dimension() == dimension) {
      row = old;
      return;
    } else if (old.dimension() == 0) {
      row = old.withDimension(dimension);
    } else {
      throw space.wrongDimension(old.dimension(), dimension);
    }
    batch.put(SpaceTables.SPACES, space.key(), row.encode());
  }

  @Override
  public void committed() {
    SpaceRow settled = row;
    if (settled != null) {
      space.settle(settled);
      created.complete(settled);
    }
  }

  @Override
  public void failed(ServiceException reason) {
    created.completeExceptionally(reason);
  }

  /// The space's row, once it is committed.
  ///
  /// @throws ServiceException what refused it
  public SpaceRow await() {
    try {
      return created.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }
}

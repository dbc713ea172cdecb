package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.memory.space.Draft;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Commits one episode. Its fields are what the last run found; only the committer thread runs it.
final class CommitTransaction implements Transaction {
  private final Draft draft;
  private final Commitment commitment;
  private final SpaceChanges changes;

  private @Nullable Stored stored;
  private boolean earlier;

  CommitTransaction(Draft draft, Commitment commitment, SpaceChanges changes) {
    this.draft = draft;
    this.commitment = commitment;
    this.changes = changes;
  }

  @Override
  public int sizeInBytes() {
    return draft.bytes();
  }

  @Override
  public void run(Batch batch) {
    stored = commitment.earlier(batch);
    earlier = stored != null;
    if (!earlier) {
      changes.begin(batch);
      Stored written = changes.remember(draft);
      commitment.join(batch, written);
      stored = written;
    }
  }

  @Override
  public void committed() {
    Stored told = stored;
    if (told == null) {
      throw new IllegalStateException("committed without a run");
    }
    if (!earlier) {
      changes.publish();
    }
    commitment.stored(told);
  }

  @Override
  public void failed(ServiceException reason) {
    commitment.refused(reason);
  }
}

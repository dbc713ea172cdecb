package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.space.Draft;
import dev.myelin.memory.space.IdRow;
import dev.myelin.memory.space.Publication;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.Embedding;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Commits one episode. Its fields are what the last run found; only the committer thread runs it.
final class CommitTransaction implements Transaction {
  private final Space space;
  private final Draft draft;
  private final Commitment commitment;
  private final CommitHooks hooks;

  private @Nullable Stored stored;
  private @Nullable SpaceRow changedRow;
  private boolean earlier;
  private boolean waits;
  private long superseded;

  CommitTransaction(Space space, Draft draft, Commitment commitment, CommitHooks hooks) {
    this.space = space;
    this.draft = draft;
    this.commitment = commitment;
    this.hooks = hooks;
  }

  @Override
  public int sizeInBytes() {
    return draft.bytes();
  }

  @Override
  public void run(Batch batch) {
    changedRow = null;
    waits = false;
    superseded = 0;
    stored = commitment.earlier(batch);
    earlier = stored != null;
    if (!earlier) {
      stored = write(batch);
    }
  }

  private Stored write(Batch batch) {
    int dimension = fixDimension(batch);
    boolean replaced = draft.episode().id() != null && supersede(batch);
    long offset = batch.append(space.stream(), RecordKind.REMEMBERED.code(), draft.payload());
    boolean hasEmbedding = draft.episode().embedding() != null;
    IdRow row = new IdRow(offset, hasEmbedding ? offset : 0, false);
    batch.put(SpaceTables.IDS, idKey(), row.encode());
    if (!hasEmbedding && hooks.isEmbeddable(dimension)) {
      waits = true;
      batch.put(SpaceTables.WAITING, waitingKey(offset), new byte[0]);
    }
    Stored written = new Stored(draft.id(), offset, batch.time(), replaced);
    commitment.join(batch, written);
    return written;
  }

  /// The dimension of the space, fixed by this embedding if it is the first.
  private int fixDimension(Batch batch) {
    Embedding embedding = draft.episode().embedding();
    if (space.dimension() != 0) {
      return requireDimension(space.dimension(), embedding);
    }
    byte[] bytes = batch.get(SpaceTables.SPACES, space.key());
    int own = embedding == null ? 0 : embedding.dimension();
    if (bytes == null) {
      changedRow = SpaceRow.created(batch.time(), own);
    } else {
      SpaceRow row = SpaceRow.decode(bytes);
      if (row.dimension() != 0 || own == 0) {
        return requireDimension(row.dimension(), embedding);
      }
      changedRow = row.withDimension(own);
    }
    batch.put(SpaceTables.SPACES, space.key(), changedRow.encode());
    return own;
  }

  private int requireDimension(int expected, @Nullable Embedding embedding) {
    if (embedding != null && embedding.dimension() != expected) {
      throw space.wrongDimension(expected, embedding.dimension());
    }
    return expected;
  }

  private boolean supersede(Batch batch) {
    byte[] bytes = batch.get(SpaceTables.IDS, idKey());
    if (bytes == null) {
      MemoryRecord.supersede(draft.payload(), 0, 0);
      return false;
    }
    IdRow older = IdRow.decode(bytes);
    MemoryRecord.supersede(draft.payload(), older.offset(), older.vectorOffset());
    superseded = older.offset();
    if (older.vectorOffset() == 0) {
      batch.delete(SpaceTables.WAITING, waitingKey(older.offset()));
    }
    return true;
  }

  private byte[] idKey() {
    return SpaceTables.idKey(space.key(), draft.id());
  }

  private byte[] waitingKey(long offset) {
    return SpaceTables.waitingKey(space.key(), offset);
  }

  @Override
  public void committed() {
    Stored told = stored;
    if (told == null) {
      throw new IllegalStateException("committed without a run");
    }
    if (!earlier) {
      if (changedRow != null) {
        space.settle(changedRow);
      }
      var birth = draft.newborn(told.offset(), told.committedAt());
      if (space.publish(new Publication(told.offset(), superseded, birth))) {
        hooks.due(space);
      }
      hooks.remembered(space, draft, told, waits);
    }
    commitment.stored(told);
  }

  @Override
  public void failed(ServiceException reason) {
    commitment.refused(reason);
  }
}

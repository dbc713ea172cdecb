package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.memory.record.ForgottenRecord;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.space.Draft;
import dev.myelin.memory.space.IdRow;
import dev.myelin.memory.space.Publication;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes of one space in one transaction: written first, published once they are committed. Only
/// the committer thread uses it.
final class SpaceChanges implements SpaceBatch {
  private final Space space;
  private final CommitHooks hooks;

  private @Nullable Batch batch;
  private @Nullable SpaceRow changedRow;
  private boolean dropped;
  private final List<Change> changes = new ArrayList<>();

  /// One record.
  ///
  /// @param death the memory that goes with it, 0 for none
  /// @param born what comes with it, if anything
  /// @param forgotten the name of what was deleted, if that is what it says
  private record Change(
      long offset, long death, @Nullable Birth born, @Nullable MemoryId forgotten) {}

  private record Birth(Draft draft, Stored stored, boolean waits) {}

  SpaceChanges(Space space, CommitHooks hooks) {
    this.space = space;
    this.hooks = hooks;
  }

  /// Begins anew in a batch.
  ///
  /// @throws ServiceException NOT_FOUND if the space is gone
  void begin(Batch under) {
    batch = under;
    changedRow = null;
    dropped = false;
    changes.clear();
    if (space.isDropped()) {
      throw new ServiceException(
          ErrorCode.NOT_FOUND,
          "Memory space " + space.id() + " was just deleted. Send it again to begin a new one.");
    }
  }

  @Override
  public Batch tables() {
    Batch now = batch;
    if (now == null) {
      throw new IllegalStateException("batch: not begun");
    }
    return now;
  }

  @Override
  public Stored remember(Draft draft) {
    Embedding embedding = draft.episode().embedding();
    int dimension = fixDimension(embedding == null ? 0 : embedding.dimension());
    long superseded = draft.episode().id() == null ? 0 : supersede(draft);
    long offset = tables().append(space.stream(), RecordKind.REMEMBERED.code(), draft.payload());
    boolean hasEmbedding = embedding != null;
    IdRow row = new IdRow(offset, hasEmbedding ? offset : 0, false);
    tables().put(SpaceTables.IDS, idKey(draft.id()), row.encode());
    boolean waits = !hasEmbedding && hooks.isEmbeddable(dimension);
    if (waits) {
      tables().put(SpaceTables.WAITING, waitingKey(offset), new byte[0]);
    }
    Stored stored = new Stored(draft.id(), offset, tables().time(), superseded != 0);
    changes.add(new Change(offset, superseded, new Birth(draft, stored, waits), null));
    return stored;
  }

  @Override
  public void create(int dimension) {
    fixDimension(dimension);
  }

  /// The dimension of the space, fixed by this one if it is the first; 0 asks for none.
  private int fixDimension(int own) {
    if (space.dimension() != 0) {
      return requireDimension(space.dimension(), own);
    }
    byte[] bytes = tables().get(SpaceTables.SPACES, space.key());
    if (bytes == null) {
      changedRow = SpaceRow.created(tables().time(), own);
    } else {
      SpaceRow row = SpaceRow.decode(bytes);
      if (row.dimension() != 0 || own == 0) {
        return requireDimension(row.dimension(), own);
      }
      changedRow = row.withDimension(own);
    }
    tables().put(SpaceTables.SPACES, space.key(), changedRow.encode());
    return own;
  }

  private int requireDimension(int expected, int own) {
    if (own != 0 && own != expected) {
      throw space.wrongDimension(expected, own);
    }
    return expected;
  }

  /// The offset of the memory that gives way, 0 for none.
  private long supersede(Draft draft) {
    byte[] bytes = tables().get(SpaceTables.IDS, idKey(draft.id()));
    if (bytes == null) {
      MemoryRecord.supersede(draft.payload(), 0, 0);
      return 0;
    }
    IdRow older = IdRow.decode(bytes);
    MemoryRecord.supersede(draft.payload(), older.offset(), older.vectorOffset());
    if (older.vectorOffset() == 0) {
      tables().delete(SpaceTables.WAITING, waitingKey(older.offset()));
    }
    return older.offset();
  }

  @Override
  public boolean forget(MemoryId id) {
    byte[] bytes = tables().get(SpaceTables.IDS, idKey(id));
    if (bytes == null) {
      return false;
    }
    IdRow row = IdRow.decode(bytes);
    tables().erase(space.stream(), row.offset());
    if (row.vectorOffset() == 0) {
      tables().delete(SpaceTables.WAITING, waitingKey(row.offset()));
    } else if (row.vectorOffset() != row.offset()) {
      tables().erase(space.stream(), row.vectorOffset());
    }
    tables().delete(SpaceTables.IDS, idKey(id));
    var record = new ForgottenRecord(ForgottenRecord.Action.DELETED, row.offset(), 0);
    long offset = tables().append(space.stream(), RecordKind.FORGOTTEN.code(), record.encode());
    changes.add(new Change(offset, row.offset(), null, id));
    return true;
  }

  @Override
  public long note(byte[] payload) {
    long offset = tables().append(space.stream(), RecordKind.NOTED.code(), payload);
    changes.add(new Change(offset, 0, null, null));
    return offset;
  }

  @Override
  public void drop() {
    if (!changes.isEmpty()) {
      throw new IllegalStateException("drop: after other changes (expected: alone)");
    }
    dropped = true;
    space.drop(true);
    tables().delete(space.stream());
    tables().deleteAll(SpaceTables.IDS, space.key());
    tables().deleteAll(SpaceTables.WAITING, space.key());
    tables().delete(SpaceTables.SPACES, space.key());
  }

  private byte[] idKey(MemoryId id) {
    return SpaceTables.idKey(space.key(), id);
  }

  private byte[] waitingKey(long offset) {
    return SpaceTables.waitingKey(space.key(), offset);
  }

  /// Makes what was committed visible, and tells who listens.
  void publish() {
    if (dropped) {
      hooks.dropped(space);
      return;
    }
    if (changedRow != null) {
      space.settle(changedRow);
    }
    boolean due = false;
    for (Change change : changes) {
      due |= space.publish(new Publication(change.offset, change.death, newborn(change.born)));
    }
    if (due) {
      hooks.due(space);
    }
    for (Change change : changes) {
      if (change.born != null) {
        hooks.remembered(space, change.born.draft, change.born.stored, change.born.waits);
      } else if (change.forgotten != null) {
        hooks.forgotten(space, change.forgotten);
      }
    }
  }

  private static @Nullable Newborn newborn(@Nullable Birth born) {
    return born == null
        ? null
        : born.draft.newborn(born.stored.offset(), born.stored.committedAt());
  }

  /// It was not committed.
  void undo() {
    if (dropped) {
      space.drop(false);
    }
  }
}

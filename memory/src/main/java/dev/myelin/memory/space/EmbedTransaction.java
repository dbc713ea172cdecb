package dev.myelin.memory.space;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.memory.embedding.WaitingText;
import dev.myelin.memory.record.EmbeddedRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Gives a text its embedding, if it still waits for one; ends its waiting in any case.
final class EmbedTransaction implements Transaction {
  /// What to write.
  ///
  /// @param payload the encoded record
  /// @param birth the memory with its embedding; the record's offset is filled in
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Vector(byte[] payload, int dimension, Newborn birth) {}

  private final Space space;
  private final WaitingText text;
  private final @Nullable Vector vector;
  private final SpaceEvents events;
  private final Runnable settled;

  private @Nullable SpaceRow changedRow;
  private @Nullable Publication publication;

  EmbedTransaction(
      Space space,
      WaitingText text,
      @Nullable Vector vector,
      SpaceEvents events,
      Runnable settled) {
    this.space = space;
    this.text = text;
    this.vector = vector;
    this.events = events;
    this.settled = settled;
  }

  @Override
  public int sizeInBytes() {
    return 256 + (vector == null ? 0 : 2 * vector.payload.length);
  }

  @Override
  public void run(Batch batch) {
    changedRow = null;
    publication = null;
    byte[] key = SpaceTables.waitingKey(space.key(), text.offset());
    if (space.isDropped() || batch.get(SpaceTables.WAITING, key) == null) {
      return;
    }
    batch.delete(SpaceTables.WAITING, key);
    byte[] idKey = SpaceTables.idKey(space.key(), text.id());
    byte[] idRow = batch.get(SpaceTables.IDS, idKey);
    if (vector == null || idRow == null || !fixDimension(batch, vector.dimension)) {
      return;
    }
    IdRow row = IdRow.decode(idRow);
    if (row.offset() != text.offset()) {
      return;
    }
    EmbeddedRecord.hide(vector.payload, row.hidden());
    long offset = batch.append(space.stream(), RecordKind.EMBEDDED.code(), vector.payload);
    batch.put(SpaceTables.IDS, idKey, new IdRow(row.offset(), offset, row.hidden()).encode());
    publication =
        row.hidden()
            ? new Publication(offset, 0, null)
            : new Publication(offset, text.offset(), vector.birth.withVectorOffset(offset));
  }

  /// Whether the space takes embeddings of that dimension; if it has none yet, it does from now on.
  private boolean fixDimension(Batch batch, int dimension) {
    if (space.dimension() != 0) {
      return space.dimension() == dimension;
    }
    byte[] bytes = batch.get(SpaceTables.SPACES, space.key());
    if (bytes == null) {
      return false;
    }
    SpaceRow row = SpaceRow.decode(bytes);
    if (row.dimension() == 0) {
      changedRow = row.withDimension(dimension);
      batch.put(SpaceTables.SPACES, space.key(), changedRow.encode());
      return true;
    }
    return row.dimension() == dimension;
  }

  @Override
  public void committed() {
    if (changedRow != null) {
      space.settle(changedRow);
    }
    if (publication != null) {
      if (space.publish(publication)) {
        events.due(space);
      }
      events.embedded(space, text);
    }
    settled.run();
  }

  /// The row is still there: the text waits on and is found again.
  @Override
  public void failed(ServiceException reason) {
    settled.run();
  }
}

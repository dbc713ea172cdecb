package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Transaction;
import dev.myelin.memory.record.ForgottenRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.space.IdRow;
import dev.myelin.memory.space.Publication;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Forgets one memory, if it is still as its row was when the caller looked.
final class ForgetTransaction implements Transaction {
  /// How it ended.
  enum Outcome {
    DONE,
    /// The memory changed in between: look again.
    CHANGED
  }

  /// A memory and its older versions.
  ///
  /// @param row where the memory is
  /// @param versions offsets of records to erase: the memory, those it superseded, their embeddings
  /// @param memories those of them that are memories
  /// @param last whether these are all that are left
  record Target(MemoryId id, IdRow row, List<Long> versions, List<Long> memories, boolean last) {}

  private final Space space;
  private final Target target;
  private final Change change;
  private final Watchers watchers;
  private final CommitHooks hooks;
  private final CompletableFuture<Outcome> result = new CompletableFuture<>();

  private final List<Publication> publications = new ArrayList<>();

  /// What to do.
  ///
  /// @param restored what comes back, for a restoration
  record Change(ForgetMode mode, @Nullable Newborn restored) {}

  ForgetTransaction(
      Space space, Target target, Change change, Watchers watchers, CommitHooks hooks) {
    this.space = space;
    this.target = target;
    this.change = change;
    this.watchers = watchers;
    this.hooks = hooks;
  }

  CompletableFuture<Outcome> result() {
    return result;
  }

  @Override
  public int sizeInBytes() {
    return 256 + 64 * target.versions.size();
  }

  @Override
  public void run(Batch batch) {
    publications.clear();
    byte[] bytes = batch.get(SpaceTables.IDS, idKey());
    if (bytes == null || !IdRow.decode(bytes).equals(target.row)) {
      return;
    }
    switch (change.mode) {
      case DELETE -> delete(batch);
      case SUPPRESS -> mark(batch, ForgottenRecord.Action.SUPPRESSED, true);
      case RESTORE -> mark(batch, ForgottenRecord.Action.RESTORED, false);
    }
  }

  private void delete(Batch batch) {
    for (long version : target.versions) {
      batch.erase(space.stream(), version);
    }
    for (long memory : target.memories) {
      long offset = append(batch, new ForgottenRecord(ForgottenRecord.Action.DELETED, memory, 0));
      publications.add(new Publication(offset, memory, null));
    }
    if (target.last) {
      batch.delete(SpaceTables.IDS, idKey());
      batch.delete(SpaceTables.WAITING, SpaceTables.waitingKey(space.key(), target.row.offset()));
    }
  }

  private void mark(Batch batch, ForgottenRecord.Action action, boolean hidden) {
    long memory = target.row.offset();
    long vectorOffset = target.row.vectorOffset();
    long offset = append(batch, new ForgottenRecord(action, memory, vectorOffset));
    batch.put(SpaceTables.IDS, idKey(), new IdRow(memory, vectorOffset, hidden).encode());
    publications.add(new Publication(offset, hidden ? memory : 0, hidden ? null : change.restored));
  }

  private long append(Batch batch, ForgottenRecord record) {
    return batch.append(space.stream(), RecordKind.FORGOTTEN.code(), record.encode());
  }

  private byte[] idKey() {
    return SpaceTables.idKey(space.key(), target.id);
  }

  @Override
  public void committed() {
    for (Publication publication : publications) {
      if (space.publish(publication)) {
        hooks.due(space);
      }
    }
    if (publications.isEmpty()) {
      result.complete(Outcome.CHANGED);
      return;
    }
    if (target.last) {
      watchers.of(space.id()).forEach(listener -> listener.forgotten(target.id, change.mode));
    }
    result.complete(Outcome.DONE);
  }

  @Override
  public void failed(ServiceException reason) {
    result.completeExceptionally(reason);
  }
}

package dev.myelin.memory;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.memory.ForgetTransaction.Outcome;
import dev.myelin.memory.ForgetTransaction.Target;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.space.IdRow;
import dev.myelin.memory.space.Replay;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Forgets memories by name. A deleted memory takes the older versions of its name with it, oldest
/// first, so that what a crash leaves behind can still be found by the name.
final class Forgetting {
  private static final int MAX_VERSIONS_AT_ONCE = 1_000;
  private static final int MAX_ATTEMPTS = 100;

  private final Journal journal;
  private final Replay replay;
  private final Watchers watchers;
  private final CommitHooks hooks;

  Forgetting(Journal journal, Replay replay, Watchers watchers, CommitHooks hooks) {
    this.journal = journal;
    this.replay = replay;
    this.watchers = watchers;
    this.hooks = hooks;
  }

  /// Returns whether there was something to do.
  boolean forget(Space space, MemoryId id, ForgetMode mode) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; ) {
      byte[] bytes = journal.get(SpaceTables.IDS, SpaceTables.idKey(space.key(), id));
      if (bytes == null) {
        return false;
      }
      IdRow row = IdRow.decode(bytes);
      if (mode != ForgetMode.DELETE && row.hidden() == (mode == ForgetMode.SUPPRESS)) {
        return false;
      }
      Target target = target(space, id, row, mode);
      Outcome outcome = submit(space, target, mode);
      if (outcome == Outcome.DONE && target.last()) {
        return true;
      }
      attempt += outcome == Outcome.CHANGED ? 1 : 0;
    }
    throw new ServiceException(
        ErrorCode.OVERLOADED,
        "The memory changes faster than it can be forgotten. Stop writing to its id, and try again.");
  }

  private Target target(Space space, MemoryId id, IdRow row, ForgetMode mode) {
    return mode == ForgetMode.DELETE
        ? versions(space, id, row)
        : new Target(id, row, List.of(), List.of(), true);
  }

  /// Follows the chain of versions back to the oldest that is not erased yet.
  private Target versions(Space space, MemoryId id, IdRow row) {
    List<Version> chain = new ArrayList<>();
    long offset = row.offset();
    long vectorOffset = row.vectorOffset();
    while (offset != 0) {
      JournalRecord record = journal.read(space.stream(), offset);
      if (record == null || record.erased()) {
        break;
      }
      chain.add(new Version(offset, vectorOffset));
      offset = MemoryRecord.supersedes(record.payload());
      vectorOffset = MemoryRecord.supersededVector(record.payload());
    }
    int from = Math.max(0, chain.size() - MAX_VERSIONS_AT_ONCE);
    List<Long> memories = new ArrayList<>();
    List<Long> records = new ArrayList<>();
    for (Version version : chain.subList(from, chain.size()).reversed()) {
      memories.add(version.offset);
      records.add(version.offset);
      if (version.vectorOffset != 0 && version.vectorOffset != version.offset) {
        records.add(version.vectorOffset);
      }
    }
    return new Target(id, row, records, memories, from == 0);
  }

  private record Version(long offset, long vectorOffset) {}

  private Outcome submit(Space space, Target target, ForgetMode mode) {
    Newborn restored =
        mode == ForgetMode.RESTORE
            ? replay.reborn(space.stream(), target.row().offset(), target.row().vectorOffset())
            : null;
    ForgetTransaction transaction =
        new ForgetTransaction(
            space, target, new ForgetTransaction.Change(mode, restored), watchers, hooks);
    journal.submit(Lane.HIGH, transaction);
    return await(transaction);
  }

  private static Outcome await(ForgetTransaction transaction) {
    try {
      return transaction.result().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }
}

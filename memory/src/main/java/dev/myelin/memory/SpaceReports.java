package dev.myelin.memory;

import dev.myelin.journal.Journal;
import dev.myelin.journal.StreamEnd;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceRow;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.memory.space.Spaces;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Tells what is known of spaces.
final class SpaceReports {
  private final Journal journal;
  private final Spaces spaces;

  SpaceReports(Journal journal, Spaces spaces) {
    this.journal = journal;
    this.spaces = spaces;
  }

  /// What is known of a space now. May block to open it.
  SpaceInfo of(Space space, SpaceRow row) {
    long memories = spaces.memories(space);
    StreamEnd end = journal.end(space.stream()).orElse(new StreamEnd("", 0));
    return new SpaceInfo(
        space.id(),
        row.createdAt(),
        row.dimension(),
        memories,
        end.epoch(),
        end.lastOffset(),
        committedAt(space, 1),
        committedAt(space, end.lastOffset()),
        spaces.unindexed(space),
        waiting(space));
  }

  private @Nullable Instant committedAt(Space space, long offset) {
    var record = offset == 0 ? null : journal.read(space.stream(), offset);
    return record == null ? null : record.committedAt();
  }

  private long waiting(Space space) {
    long[] count = new long[1];
    journal.scan(
        SpaceTables.WAITING,
        space.key(),
        (_, _) -> {
          count[0]++;
          return true;
        });
    return count[0];
  }
}

package dev.myelin.library.feed;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.library.event.Cause;
import dev.myelin.library.store.LibraryState;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Lets go of events that are too old or too many: their rows go, their records are erased.
final class Retention {
  /// How many go in one write.
  private static final int STEP = 1_000;

  private final FeedConfig config;
  private final Journal journal;
  private final FeedWriter writer;
  private final InstantSource clock;

  Retention(FeedConfig config, Journal journal, FeedWriter writer, InstantSource clock) {
    this.config = config;
    this.journal = journal;
    this.writer = writer;
    this.clock = clock;
  }

  void trimAll() {
    List<SpaceId> libraries = new ArrayList<>();
    List<byte[]> tombstones = new ArrayList<>();
    journal.scan(
        LibraryTables.STATES, new byte[0], (key, _) -> libraries.add(SpaceTables.space(key)));
    libraries.forEach(this::trim);
    Instant oldest = clock.instant().minus(config.maxAge());
    journal.scan(
        LibraryTables.DELETED,
        new byte[0],
        (key, _) -> LibraryTables.number(key) >= oldest.toEpochMilli() || tombstones.add(key));
    if (!tombstones.isEmpty()) {
      writer.clean(LibraryTables.DELETED, tombstones);
    }
  }

  private void trim(SpaceId library) {
    List<Long> due = due(library);
    while (!due.isEmpty()) {
      List<Long> going = due;
      var _ =
          writer.write(
              library,
              going.size() * Long.BYTES,
              batch -> {
                // Somebody else may have been here meanwhile, or the library may be another one.
                if (batch.exists() && batch.state().floor() < going.getFirst()) {
                  batch.trim(going);
                }
                return going.size();
              },
              Cause.NONE);
      due = due(library);
    }
  }

  private List<Long> due(SpaceId library) {
    byte[] key = LibraryTables.key(library);
    LibraryState state = LibraryState.decode(journal.get(LibraryTables.STATES, key));
    long tooMany = state.events() - config.maxEvents();
    Instant oldest = clock.instant().minus(config.maxAge());
    List<Long> due = new ArrayList<>();
    journal.scan(
        LibraryTables.CHANGES,
        key,
        (found, _) -> {
          long offset = LibraryTables.number(found);
          boolean goes = due.size() < tooMany || isOlder(library, offset, oldest);
          return goes && due.add(offset) && due.size() < STEP;
        });
    return due;
  }

  private boolean isOlder(SpaceId library, long offset, Instant than) {
    JournalRecord record = journal.read(StreamName.of(library), offset);
    return record != null && record.committedAt().isBefore(than);
  }
}

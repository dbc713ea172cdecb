package dev.myelin.library.feed;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.library.event.EventRecord;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.event.MemoryBundle;
import dev.myelin.library.store.LibraryState;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Reads events from the journal. Blocks; any thread.
final class FeedReader {
  /// How many events or records one page looks at, at most.
  private static final int MAX_LOOKED_AT = 4_096;

  private final Journal journal;

  FeedReader(Journal journal) {
    this.journal = journal;
  }

  boolean exists(SpaceId library) {
    return journal.get(SpaceTables.SPACES, LibraryTables.key(library)) != null;
  }

  LibraryState state(SpaceId library) {
    return LibraryState.decode(journal.get(LibraryTables.STATES, LibraryTables.key(library)));
  }

  /// The newest offset that is durable.
  long durableEnd(SpaceId library) {
    return journal.end(StreamName.of(library)).map(StreamEnd::lastOffset).orElse(0L);
  }

  FeedPage read(SpaceId library, long since, int limit, Set<String> types) {
    if (!exists(library)) {
      throw ChangeFeed.unknown(library);
    }
    long end = durableEnd(library);
    long floor = requireKept(library, since, end);
    long from = Math.max(since, floor);
    FeedPage page =
        types.contains(EventType.MEMORY_ADDED)
            ? stream(library, from, end, limit, types)
            : events(library, from, end, limit, types);
    if (state(library).floor() > from) {
      // What was to be read was let go of meanwhile.
      if (since == 0) {
        return read(library, since, limit, types);
      }
      requireKept(library, since, end);
    }
    return page;
  }

  /// @return the oldest cursor
  private long requireKept(SpaceId library, long since, long end) {
    long floor = state(library).floor();
    if (since != 0 && (since < floor || since > end)) {
      throw new ServiceException(
          ErrorCode.GONE,
          "Changes of library "
              + library
              + " after offset "
              + since
              + " cannot be told (expected: "
              + floor
              + " to "
              + end
              + "). Read the library anew, then follow from its newest offset; the oldest offset is "
              + floor
              + ".");
    }
    return floor;
  }

  private FeedPage events(SpaceId library, long from, long end, int limit, Set<String> types) {
    byte[] key = LibraryTables.key(library);
    List<Long> offsets = new ArrayList<>();
    journal.scan(
        LibraryTables.CHANGES,
        key,
        LibraryTables.numbered(key, from + 1),
        (found, _) -> {
          offsets.add(LibraryTables.number(found));
          return offsets.size() <= MAX_LOOKED_AT;
        });
    List<LibraryEvent> events = new ArrayList<>();
    int looked = 0;
    while (looked < Math.min(offsets.size(), MAX_LOOKED_AT) && events.size() < limit) {
      LibraryEvent event =
          EventRecord.decode(library, journal.read(StreamName.of(library), offsets.get(looked)));
      if (event != null && EventType.isWanted(event.type(), types)) {
        events.add(event);
      }
      looked++;
    }
    boolean more = looked < offsets.size();
    long lookedTo = looked == 0 ? from : offsets.get(looked - 1);
    return new FeedPage(events, more ? lookedTo : Math.max(end, lookedTo), more);
  }

  /// Events and streamed memories, as the stream has them.
  private FeedPage stream(SpaceId library, long from, long end, int limit, Set<String> types) {
    List<LibraryEvent> events = new ArrayList<>();
    MemoryBundle bundle = new MemoryBundle(library);
    long next = from;
    var page =
        journal.read(
            StreamName.of(library),
            from + 1,
            new PageLimit(MAX_LOOKED_AT, PageLimit.DEFAULT.maxBytes()));
    for (JournalRecord record : page.records()) {
      LibraryEvent event = isEvent(record) ? EventRecord.decode(library, record) : null;
      Memory memory = isMemory(record) ? memory(record) : null;
      if (event != null || bundle.isFull()) {
        flush(bundle, events);
      }
      if (events.size() >= limit) {
        return new FeedPage(events, next, true);
      }
      if (event != null && EventType.isWanted(event.type(), types)) {
        events.add(event);
      }
      if (memory != null && MemoryBundle.isStreamed(memory)) {
        bundle.add(memory);
      }
      next = record.offset();
    }
    flush(bundle, events);
    return new FeedPage(events, next, next < end);
  }

  private static void flush(MemoryBundle bundle, List<LibraryEvent> events) {
    LibraryEvent gathered = bundle.take();
    events.addAll(gathered == null ? Collections.emptyList() : List.of(gathered));
  }

  private static boolean isEvent(JournalRecord record) {
    return !record.erased() && record.kind() == RecordKind.NOTED.code();
  }

  private static boolean isMemory(JournalRecord record) {
    return !record.erased() && record.kind() == RecordKind.REMEMBERED.code();
  }

  private static Memory memory(JournalRecord record) {
    return MemoryRecord.decode(record.payload(), record.offset(), record.committedAt());
  }
}

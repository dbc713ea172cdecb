package dev.myelin.library.feed;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.library.event.ChunkEvents;
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
import org.jspecify.annotations.Nullable;

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
      if (event != null && !fill(events, limit, ChunkEvents.told(event, types, from))) {
        return cut(events);
      }
      looked++;
    }
    boolean more = looked < offsets.size();
    long lookedTo = looked == 0 ? from : offsets.get(looked - 1);
    return new FeedPage(events, more ? lookedTo : Math.max(end, lookedTo), more);
  }

  /// Adds what there is room for.
  ///
  /// @return whether that is all
  private static boolean fill(List<LibraryEvent> events, int limit, List<LibraryEvent> more) {
    int room = Math.min(limit - events.size(), more.size());
    events.addAll(more.subList(0, room));
    return room == more.size();
  }

  /// A full page, with more behind it.
  private static FeedPage cut(List<LibraryEvent> events) {
    return new FeedPage(events, events.getLast().offset(), true);
  }

  /// The first event after an offset; null if there is none, or it is not kept.
  @Nullable LibraryEvent firstAfter(SpaceId library, long offset) {
    byte[] key = LibraryTables.key(library);
    List<Long> first = new ArrayList<>(1);
    journal.scan(
        LibraryTables.CHANGES,
        key,
        LibraryTables.numbered(key, offset + 1),
        (found, _) -> {
          first.add(LibraryTables.number(found));
          return false;
        });
    return first.isEmpty()
        ? null
        : EventRecord.decode(library, journal.read(StreamName.of(library), first.getFirst()));
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
      if (events.size() >= limit
          || (event != null && !fill(events, limit, ChunkEvents.told(event, types, from)))) {
        return cut(events);
      }
      if (memory != null && MemoryBundle.isStreamed(memory)) {
        bundle.add(memory);
      }
      next = record.offset();
    }
    flush(bundle, events);
    return fill(events, limit, pending(library, from, next, types))
        ? new FeedPage(events, next, next < end)
        : cut(events);
  }

  /// What comes before an event, up to the end of a page that ends before the event itself.
  private List<LibraryEvent> pending(SpaceId library, long from, long next, Set<String> types) {
    LibraryEvent event = firstAfter(library, next);
    return event == null
        ? List.of()
        : ChunkEvents.before(event, types, from).stream()
            .filter(one -> one.offset() <= next)
            .toList();
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

package dev.myelin.library.feed;

import dev.myelin.journal.Batch;
import dev.myelin.journal.StreamName;
import dev.myelin.library.event.EventRecord;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.event.Tombstone;
import dev.myelin.library.store.Fields;
import dev.myelin.library.store.LibraryState;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.SpaceBatch;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One write to a library with the events that tell of it. Valid only while the change runs, on the
/// committer thread.
public final class FeedBatch {
  private final SpaceId library;
  private final byte[] key;
  private final SpaceBatch space;
  private final LibraryState before;
  private LibraryState state;
  private final List<LibraryEvent> events = new ArrayList<>();
  private boolean deleted;

  FeedBatch(SpaceId library, SpaceBatch space) {
    this.library = library;
    this.space = space;
    key = LibraryTables.key(library);
    before = LibraryState.decode(space.tables().get(LibraryTables.STATES, key));
    state = before;
  }

  public SpaceId library() {
    return library;
  }

  /// What the library's keys begin with; not to be changed.
  public byte[] key() {
    return key;
  }

  public SpaceBatch space() {
    return space;
  }

  public Batch tables() {
    return space.tables();
  }

  /// When it is committed.
  public Instant time() {
    return space.tables().time();
  }

  public boolean exists() {
    return tables().get(SpaceTables.SPACES, key) != null;
  }

  /// Refuses the change where there is no such library.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND
  public void requireLibrary() {
    if (!exists()) {
      throw ChangeFeed.unknown(library);
    }
  }

  /// Counts documents and passages that come, or go if negative.
  public void count(long documents, long passages) {
    state = state.counting(documents, passages);
  }

  /// Tells of the change.
  ///
  /// @return the event's offset
  public long event(String type, Map<String, @Nullable Object> data) {
    EventRecord record =
        new EventRecord(type, UUID.randomUUID().toString(), state.lastEvent(), data);
    byte[] payload = record.encode();
    // Listeners get what readers will read.
    Map<String, @Nullable Object> told = Fields.read(payload).object("data");
    long offset = space.note(payload);
    tables().put(LibraryTables.CHANGES, LibraryTables.numbered(key, offset), new byte[0]);
    events.add(event(record, told, offset, time()));
    state = state.withEvent(offset);
    return offset;
  }

  /// The library goes with everything in it; the event is its last one.
  public void delete(Map<String, @Nullable Object> data) {
    EventRecord record =
        new EventRecord(
            EventType.LIBRARY_DELETED, UUID.randomUUID().toString(), state.lastEvent(), data);
    long offset = tables().lastOffset(StreamName.of(library)) + 1;
    byte[] grave = grave();
    Instant at = Instant.ofEpochMilli(LibraryTables.number(grave));
    events.add(event(record, data, offset, at));
    space.drop();
    tables().delete(LibraryTables.LIBRARIES, key);
    tables().delete(LibraryTables.STATES, key);
    tables().deleteAll(LibraryTables.DOCUMENTS, key);
    tables().deleteAll(LibraryTables.CHANGES, key);
    tables().deleteAll(LibraryTables.JOBS, key);
    tables().put(LibraryTables.DELETED, grave, Tombstone.encode(record, offset));
    deleted = true;
  }

  /// A key of [LibraryTables#DELETED], of now or, where a library of this id was deleted in the
  /// same millisecond, of the next one.
  private byte[] grave() {
    long millis = time().toEpochMilli();
    byte[] grave = LibraryTables.numbered(key, millis);
    while (tables().get(LibraryTables.DELETED, grave) != null) {
      grave = LibraryTables.numbered(key, ++millis);
    }
    return grave;
  }

  private LibraryEvent event(
      EventRecord record, Map<String, @Nullable Object> data, long offset, Instant at) {
    return new LibraryEvent(
        library, offset, record.previous(), record.eventId(), record.type(), data, at);
  }

  /// Lets go of the oldest events.
  ///
  /// @param offsets of events that are kept so far, the oldest ones, in order
  void trim(List<Long> offsets) {
    for (long offset : offsets) {
      tables().erase(StreamName.of(library), offset);
      tables().delete(LibraryTables.CHANGES, LibraryTables.numbered(key, offset));
    }
    state = state.trimmed(offsets.size(), offsets.getLast());
  }

  LibraryState state() {
    return state;
  }

  /// What happened, in order, once the change has run.
  List<LibraryEvent> finish() {
    if (!deleted && !state.equals(before)) {
      tables().put(LibraryTables.STATES, key, state.encode());
    }
    return events;
  }
}

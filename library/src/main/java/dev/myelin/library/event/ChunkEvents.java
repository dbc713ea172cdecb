package dev.myelin.library.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `chunk.added` and `chunk.deleted`, both `{document_id, count}`: not stored, but derived from the
/// event of the document.
///
/// Each passage that comes or goes is a record of the library's stream. Those of one change stand
/// right before the record of its event, what goes before what comes. So `chunk.deleted` has the
/// offset of the last passage that went, `chunk.added` that of the last one that came, and both are
/// cursors like any other.
public final class ChunkEvents {
  /// Their names.
  public static final Set<String> TYPES = Set.of(EventType.CHUNK_ADDED, EventType.CHUNK_DELETED);

  /// What documents' events call the number of passages the document has now, or had when it was
  /// deleted.
  public static final String PASSAGES = "num_chunks";

  /// What documents' events call the number of passages that went with the change.
  public static final String GONE = "chunks_deleted";

  private ChunkEvents() {}

  /// Whether events of that type have others before them for who asks for these types.
  public static boolean precede(String type, Set<String> types) {
    return type.startsWith("document.")
        && (types.contains(EventType.CHUNK_ADDED) || types.contains(EventType.CHUNK_DELETED));
  }

  /// What comes before an event, in order; mostly nothing.
  public static List<LibraryEvent> expand(LibraryEvent event) {
    long added = added(event);
    long deleted = deleted(event);
    List<LibraryEvent> events = new ArrayList<>(2);
    if (deleted > 0) {
      events.add(derived(event, EventType.CHUNK_DELETED, deleted, event.offset() - 1 - added));
    }
    if (added > 0) {
      events.add(derived(event, EventType.CHUNK_ADDED, added, event.offset() - 1));
    }
    return events;
  }

  /// What comes before an event, for who asks for these types and knows what is up to an offset.
  public static List<LibraryEvent> before(LibraryEvent event, Set<String> types, long after) {
    return precede(event.type(), types)
        ? expand(event).stream()
            .filter(one -> one.offset() > after && types.contains(one.type()))
            .toList()
        : List.of();
  }

  /// An event with what comes before it, for who asks for these types and knows what is up to an
  /// offset.
  ///
  /// @param types empty for all that need not be asked for by name
  public static List<LibraryEvent> told(LibraryEvent event, Set<String> types, long after) {
    List<LibraryEvent> told = new ArrayList<>(before(event, types, after));
    if (event.offset() > after && EventType.isWanted(event.type(), types)) {
      told.add(event);
    }
    return told;
  }

  /// The offset before all records of an event's change.
  public static long start(LibraryEvent event) {
    return event.offset() - 1 - added(event) - deleted(event);
  }

  private static long added(LibraryEvent event) {
    return switch (event.type()) {
      case EventType.DOCUMENT_ADDED, EventType.DOCUMENT_UPDATED -> number(event, PASSAGES);
      default -> 0;
    };
  }

  private static long deleted(LibraryEvent event) {
    return switch (event.type()) {
      case EventType.DOCUMENT_UPDATED, EventType.DOCUMENT_DELETED -> number(event, GONE);
      default -> 0;
    };
  }

  private static long number(LibraryEvent event, String member) {
    return event.data().get(member) instanceof Number number ? number.longValue() : 0;
  }

  private static LibraryEvent derived(LibraryEvent event, String type, long count, long offset) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("document_id", event.data().get("document_id"));
    data.put("count", count);
    byte[] name = (event.eventId() + "\0" + type).getBytes(StandardCharsets.UTF_8);
    String eventId = UUID.nameUUIDFromBytes(name).toString();
    return new LibraryEvent(
        event.library(), offset, event.previous(), eventId, type, data, event.at());
  }
}

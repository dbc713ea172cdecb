package dev.myelin.library.event;

import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is left of a deleted library: its last event.
public final class Tombstone {
  private Tombstone() {}

  public static byte[] encode(EventRecord record, long offset) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("offset", offset);
    json.put("event_id", record.eventId());
    json.put("previous", record.previous());
    json.put("data", record.data());
    return Json.write(json);
  }

  public static LibraryEvent decode(byte[] key, byte[] value) {
    Fields fields = Fields.read(value);
    SpaceId library = SpaceTables.space(key);
    return new LibraryEvent(
        library,
        fields.number("offset"),
        fields.number("previous"),
        fields.text("event_id"),
        EventType.LIBRARY_DELETED,
        fields.object("data"),
        Instant.ofEpochMilli(LibraryTables.number(key)));
  }
}

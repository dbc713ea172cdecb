package dev.myelin.library.event;

import dev.myelin.journal.JournalRecord;
import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import dev.myelin.model.SpaceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stored form of an event: JSON `{v, type, event_id, previous, data}` in a noted record; its
/// offset and its time are those of the record.
public record EventRecord(
    String type, String eventId, long previous, Map<String, @Nullable Object> data) {

  public byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("type", type);
    json.put("event_id", eventId);
    json.put("previous", previous);
    json.put("data", data);
    return Json.write(json);
  }

  /// The event that a record holds; null if it was erased.
  public static @Nullable LibraryEvent decode(SpaceId library, @Nullable JournalRecord record) {
    if (record == null || record.erased()) {
      return null;
    }
    Fields fields = Fields.read(record.payload());
    return new LibraryEvent(
        library,
        record.offset(),
        fields.number("previous"),
        fields.text("event_id"),
        fields.text("type"),
        fields.object("data"),
        record.committedAt());
  }
}

package dev.myelin.edge.library.feed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.library.LibraryJson;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.event.LibraryEvent;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Events as JSON, the same on every surface.
public final class EventJson {
  private static final Set<String> ENVELOPE =
      Set.of("type", "event_type", "library_id", "data", "offset", "event_id", "timestamp");

  private EventJson() {}

  public static void event(JsonGenerator json, LibraryEvent event) throws IOException {
    json.writeStartObject();
    members(json, event);
    json.writeEndObject();
  }

  private static void members(JsonGenerator json, LibraryEvent event) throws IOException {
    json.writeStringField("type", "event");
    json.writeStringField("event_type", event.type());
    json.writeStringField("library_id", event.library().name());
    json.writeFieldName("data");
    JsonText.value(json, event.data());
    json.writeNumberField("offset", event.offset());
    json.writeStringField("event_id", event.eventId());
    LibraryJson.time(json, "timestamp", event.at());
  }

  /// The event with what its data say once more beside them, as older readers of event streams look
  /// for it there.
  static void flattened(JsonGenerator json, LibraryEvent event) throws IOException {
    json.writeStartObject();
    members(json, event);
    for (Map.Entry<String, @Nullable Object> member : event.data().entrySet()) {
      if (!ENVELOPE.contains(member.getKey())) {
        json.writeFieldName(member.getKey());
        JsonText.value(json, member.getValue());
      }
    }
    json.writeEndObject();
  }
}

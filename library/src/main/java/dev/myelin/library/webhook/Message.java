package dev.myelin.library.webhook;

import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.store.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a target is told: the same bytes at each attempt.
///
/// @param library null if it is of none
@SuppressWarnings("ArrayRecordComponent") // a body is handed on, never compared
record Message(String eventId, String type, @Nullable String library, long offset, byte[] body) {

  static Message of(LibraryEvent event) {
    String library = event.library().name();
    return of(event.eventId(), event.type(), event.at(), event.data(), library, event.offset());
  }

  /// What a webhook is tested with.
  static Message test(String webhook, @Nullable String library, Instant now) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("test", true);
    data.put("message", "This is a test of the webhook.");
    data.put("webhook_id", webhook);
    return of(UUID.randomUUID().toString(), "webhook.test", now, data, library, 0);
  }

  private static Message of(
      String eventId,
      String type,
      Instant at,
      Map<String, @Nullable Object> data,
      @Nullable String library,
      long offset) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", eventId);
    json.put("type", type);
    json.put("created_at", at.toString());
    json.put("data", data);
    json.put("library_id", library);
    json.put("offset", offset);
    return new Message(eventId, type, library, offset, Json.write(json));
  }
}

package dev.myelin.library.webhook.ledger;

import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An entry of a webhook's log: one attempt, or a note of what could not be delivered.
///
/// @param library null for a test of a webhook of all libraries
/// @param offset of the event in its library's feed
/// @param attempt counts from 1 for each event; 0 for a note
/// @param answer what came back, null if nothing did
/// @param error why it failed, for people; null if it did not
/// @param nextAt when it is tried again, null if it is not
public record Delivery(
    String id,
    String eventId,
    String eventType,
    @Nullable String library,
    long offset,
    DeliveryStatus status,
    int attempt,
    Instant attemptedAt,
    @Nullable Answer answer,
    @Nullable String error,
    long durationMillis,
    @Nullable Instant nextAt) {

  /// What a target answered.
  ///
  /// @param body as much of it as is kept
  public record Answer(int status, String body) {}

  byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("id", id);
    json.put("event_id", eventId);
    json.put("event_type", eventType);
    json.put("library", library);
    json.put("offset", offset);
    json.put("status", status.word());
    json.put("attempt", attempt);
    json.put("at", attemptedAt.toEpochMilli());
    if (answer != null) {
      json.put("code", answer.status());
      json.put("body", answer.body());
    }
    json.put("error", error);
    json.put("ms", durationMillis);
    json.put("next_at", nextAt == null ? null : nextAt.toEpochMilli());
    return Json.write(json);
  }

  static Delivery decode(byte[] row) {
    Fields fields = Fields.read(row);
    int code = (int) fields.number("code");
    return new Delivery(
        fields.text("id"),
        fields.text("event_id"),
        fields.text("event_type"),
        fields.textOrNull("library"),
        fields.number("offset"),
        DeliveryStatus.valueOf(fields.text("status").toUpperCase(Locale.ROOT)),
        (int) fields.number("attempt"),
        fields.time("at"),
        code == 0 ? null : new Answer(code, fields.text("body")),
        fields.textOrNull("error"),
        fields.number("ms"),
        fields.number("next_at") == 0 ? null : fields.time("next_at"));
  }
}

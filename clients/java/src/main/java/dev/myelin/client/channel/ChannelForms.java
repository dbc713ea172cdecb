package dev.myelin.client.channel;

import dev.myelin.client.http.JsonBody;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Events of channels as JSON.
final class ChannelForms {
  private ChannelForms() {}

  static byte[] of(NewEvent event) {
    return JsonBody.object(json -> {
      json.writeStringField("type", event.type());
      json.writeFieldName("payload");
      JsonBody.value(json, event.payload());
      JsonBody.put(json, "correlation_id", event.correlationId());
      if (event.ephemeral()) {
        json.writeBooleanField("ephemeral", true);
      }
    });
  }

  static Published published(JsonObject json) {
    return new Published(
        json.text("id"),
        json.text("channel"),
        json.number("offset"),
        json.text("epoch"),
        json.flag("duplicate"));
  }

  static ChannelEvent event(JsonObject json) {
    Instant at = json.time("timestamp");
    return new ChannelEvent(
        json.text("id"),
        json.text("channel"),
        json.text("type"),
        json.number("offset"),
        at == null ? Instant.EPOCH : at,
        json.textOrNull("correlation_id"),
        json.object("payload").map());
  }

  static EventPage page(JsonObject json) {
    return new EventPage(
        json.text("epoch"),
        json.objects("events").stream().map(ChannelForms::event).toList(),
        json.number("next"),
        json.number("last_offset"),
        json.flag("has_more"));
  }

  /// @throws dev.myelin.client.model.MyelinException PROTOCOL if it is no JSON
  static JsonObject parse(String text) {
    try {
      return JsonObject.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }
}

package dev.myelin.edge.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.model.ChannelType;
import dev.myelin.model.EventIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes what the gateway says, as UTF-8 JSON in either form.
///
/// In the flat form the payload's members stand beside the envelope's. Where both have a name, the
/// payload's counts, except for `type` and `offset`, which always say what the envelope says.
public final class Envelopes {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Envelopes() {}

  /// A moment as clients are told of it: RFC 3339, UTC, milliseconds.
  public static String time(Instant at) {
    return TIME.format(at);
  }

  /// An event as it is told when it happens.
  public static byte[] event(ChannelEvent event, Form form) {
    return event(event, form, false);
  }

  /// An event.
  ///
  /// @param replayed whether it is told again to who missed it
  public static byte[] event(ChannelEvent event, Form form, boolean replayed) {
    return JsonText.write(json -> event(json, event, form, replayed));
  }

  /// The same, as a value in a document.
  public static void event(JsonGenerator json, ChannelEvent event, Form form, boolean replayed)
      throws IOException {
    json.writeStartObject();
    Set<String> taken = form == Form.FLAT ? names(event.payload()) : Set.of();
    text(json, taken, "id", event.id());
    json.writeStringField("type", event.type());
    text(json, taken, "timestamp", time(event.at()));
    text(json, taken, "correlation_id", event.correlationId());
    text(json, taken, "channel", event.channel().name());
    if (event.offset() > 0) {
      json.writeNumberField("offset", event.offset());
      if (event.channel().type() == ChannelType.LIBRARY) {
        json.writeNumberField("previous_offset", event.previous());
      }
    } else {
      json.writeBooleanField("ephemeral", true);
    }
    if (replayed) {
      json.writeBooleanField("replayed", true);
    }
    if (form == Form.ENVELOPE) {
      json.writeFieldName("payload");
      json.writeRawValue(new String(event.payload(), StandardCharsets.UTF_8));
    } else {
      spread(json, event.payload(), event.offset() > 0);
    }
    json.writeEndObject();
  }

  /// A reply, or word about the connection.
  public static byte[] message(Envelope envelope, Form form) {
    if (form == Form.ENVELOPE) {
      return JsonText.write(json -> nested(json, envelope));
    }
    byte[] payload = JsonText.write(envelope.payload());
    return JsonText.write(json -> flat(json, envelope, payload));
  }

  private static void nested(JsonGenerator json, Envelope envelope) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", EventIds.next(System.currentTimeMillis()));
    json.writeStringField("type", envelope.type());
    json.writeStringField("timestamp", time(Instant.now()));
    text(json, Set.of(), "correlation_id", envelope.correlationId());
    text(json, Set.of(), "reply_to", envelope.replyTo());
    text(json, Set.of(), "channel", envelope.channel());
    json.writeFieldName("payload");
    envelope.payload().write(json);
    json.writeEndObject();
  }

  private static void flat(JsonGenerator json, Envelope envelope, byte[] payload)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", envelope.type());
    Set<String> taken = names(payload);
    text(json, taken, "reply_to", envelope.replyTo());
    text(json, taken, "correlation_id", envelope.correlationId());
    text(json, taken, "channel", envelope.channel());
    spread(json, payload, false);
    json.writeEndObject();
  }

  private static void text(
      JsonGenerator json, Set<String> taken, String name, @Nullable String value)
      throws IOException {
    if (value != null && !taken.contains(name)) {
      json.writeStringField(name, value);
    }
  }

  private static Set<String> names(byte[] object) throws IOException {
    Set<String> names = new HashSet<>();
    try (JsonParser parser = JSON.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }
    return names;
  }

  /// Writes the members of an object into the one that is open.
  private static void spread(JsonGenerator json, byte[] object, boolean numbered)
      throws IOException {
    try (JsonParser parser = JSON.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean envelopes = name.equals("type") || (numbered && name.equals("offset"));
        parser.nextToken();
        if (envelopes) {
          parser.skipChildren();
        } else {
          json.writeFieldName(name);
          json.copyCurrentStructure(parser);
        }
      }
    }
  }
}

package dev.myelin.edge.gateway.message;

import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what clients send, and tells the dialects apart: a type with a dot is an event, with a
/// payload it is an envelope.
public final class InboundReader {
  private static final int MAX_BATCH = 100;
  private static final int MAX_BATCH_BYTES = 64 * 1024;
  private static final int MAX_TYPE = 64;
  private static final int MAX_ID = 64;

  /// Members of an envelope, which are no payload when they stand beside a flat one. A channel is
  /// both.
  private static final Set<String> ENVELOPES =
      Set.of("id", "type", "version", "timestamp", "correlation_id", "reply_to", "trace");

  /// The same names with another meaning in what they are part of.
  private static final Set<String> VERSIONED = Set.of("version", "timestamp");

  private InboundReader() {}

  /// The messages in a frame: one, or those of an array.
  ///
  /// @throws JsonFailure if it is none
  public static List<Inbound> read(byte[] bytes, int length, boolean batches) {
    Object value = JsonReader.any(bytes, length);
    if (value instanceof Map<?, ?> members) {
      return List.of(message(members));
    }
    if (!(value instanceof List<?> items) || !batches) {
      throw JsonFailure.invalid(
          "message",
          "is no object (expected: {...}, or an array of such where the capability batch is on).");
    }
    if (items.isEmpty() || items.size() > MAX_BATCH || length > MAX_BATCH_BYTES) {
      throw JsonFailure.invalid(
          "message",
          "has "
              + items.size()
              + " items in "
              + length
              + " bytes (expected: 1 to "
              + MAX_BATCH
              + " in at most "
              + MAX_BATCH_BYTES
              + ").");
    }
    List<Inbound> messages = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> members)) {
        throw JsonFailure.invalid("message", "has an item that is no object (expected: {...}).");
      }
      messages.add(message(members));
    }
    return messages;
  }

  private static Inbound message(Map<?, ?> members) {
    Payload frame = new Payload(members);
    String type = frame.text("type");
    if (type == null || type.isEmpty() || type.length() > MAX_TYPE) {
      throw JsonFailure.invalid(
          "type", "is missing or no text of 1 to " + MAX_TYPE + " characters.");
    }
    boolean nested = members.containsKey("payload");
    Dialect dialect =
        type.indexOf('.') < 0 && !nested
            ? Dialect.SIMPLE
            : nested ? Dialect.ENVELOPE : Dialect.FLAT;
    String id = id(frame);
    String correlation = frame.text("correlation_id");
    return new Inbound(
        id,
        type,
        nested ? Payload.of(frame.value("payload")) : spread(type, members),
        frame.text("channel"),
        correlation == null ? id : correlation,
        dialect,
        frame,
        System.nanoTime());
  }

  private static @Nullable String id(Payload frame) {
    String id = frame.text("id");
    return id == null || id.isEmpty() || id.length() > MAX_ID ? null : id;
  }

  private static Payload spread(String type, Map<?, ?> members) {
    boolean opening = type.startsWith("connection.");
    Map<Object, @Nullable Object> payload = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      boolean own = opening && VERSIONED.contains(String.valueOf(name));
      if (own || !ENVELOPES.contains(String.valueOf(name))) {
        payload.put(name, value);
      }
    });
    return new Payload(payload);
  }
}

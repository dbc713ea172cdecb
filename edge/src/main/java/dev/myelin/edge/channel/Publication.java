package dev.myelin.edge.channel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.live.channel.CommandKey;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An event that a client wants to be published.
///
/// @param type of the event
/// @param payload a JSON object, UTF-8, without white space between its parts
/// @param correlationId what the client says it belongs to; null for nothing
/// @param id by which the request is known when it comes again; null if it is not
/// @param clientId of the client that chose the id; empty for one without a name
/// @param ephemeral only for who listens now
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Publication(
    String type,
    byte[] payload,
    @Nullable String correlationId,
    @Nullable String id,
    String clientId,
    boolean ephemeral) {
  /// Longest body, and longest payload.
  public static final int MAX_BYTES = 1024 * 1024;

  private static final int MAX_NAME = 64;
  private static final int MAX_CLIENT = 128;
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NOTHING = {'{', '}'};

  /// What the server itself says of connections and channels: nobody else says it for it.
  private static final String[] RESERVED = {"connection.", "channel."};

  /// Reads what a client posts.
  ///
  /// @param key the header `Idempotency-Key`, which may stand for the member `id`
  /// @throws JsonFailure if it is none
  static Publication read(byte[] json, @Nullable String key) {
    JsonObject body = JsonReader.object(json);
    String id = body.textOrNull("id", 1, MAX_NAME);
    if (id != null && key != null && !id.equals(key)) {
      throw body.invalid("id", "is not the Idempotency-Key. Send one of the two, or the same.");
    }
    String name = id == null ? key : id;
    if (name != null && (name.isEmpty() || name.length() > MAX_NAME)) {
      throw JsonFailure.invalid(
          "Idempotency-Key",
          "has " + name.length() + " characters (expected: 1 to " + MAX_NAME + ").");
    }
    String type = type(body.text("type", 1, MAX_NAME));
    if (body.has("payload")) {
      var _ = body.object("payload"); // no object is refused
    }
    String client = body.textOrNull("client_id", 1, MAX_CLIENT);
    return new Publication(
        type,
        member(json, "payload"),
        body.textOrNull("correlation_id", 1, MAX_NAME),
        name,
        client == null ? "" : client,
        body.flag("ephemeral", false));
  }

  /// What a client wants that says it otherwise; texts may be empty for none.
  ///
  /// @param payload the JSON text of one object; empty for one without members
  /// @throws JsonFailure if the payload or the type is none
  public static Publication of(
      String type, byte[] payload, String correlationId, String id, boolean ephemeral) {
    if (payload.length > MAX_BYTES) {
      throw JsonFailure.invalid("payload", "has more than " + MAX_BYTES + " bytes. Send less.");
    }
    if (payload.length > 0) {
      var _ = JsonReader.object(payload);
    }
    return new Publication(
        type(type),
        payload.length == 0 ? NOTHING.clone() : compact(payload, 0, payload.length),
        orNull("correlation_id", correlationId),
        orNull("id", id),
        "",
        ephemeral);
  }

  private static @Nullable String orNull(String name, String text) {
    if (text.length() > MAX_NAME) {
      throw JsonFailure.invalid(
          name, "has " + text.length() + " characters (expected: " + MAX_NAME + " at most).");
    }
    return text.isEmpty() ? null : text;
  }

  /// @throws JsonFailure if only the server itself may say that
  private static String type(String type) {
    for (String reserved : RESERVED) {
      if (type.startsWith(reserved)) {
        throw JsonFailure.invalid(
            "type", "begins with " + reserved + ", which only the server says. Choose another.");
      }
    }
    return type;
  }

  /// The event to be published.
  ///
  /// @throws dev.myelin.model.ServiceException INVALID_REQUEST if its type is none
  public NewEvent event(Principal principal, ChannelId channel) {
    CommandKey command =
        id == null || ephemeral
            ? null
            : new CommandKey(principal.subject(), clientId, id, hash(channel));
    return new NewEvent(type, payload, correlationId, principal.subject(), command);
  }

  private byte[] hash(ChannelId channel) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String head = channel.name() + "\n" + type + "\n" + correlationId + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      return digest.digest(payload);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /// A member of an object that was found good, as it came but for white space; `{}` if there is
  /// none.
  private static byte[] member(byte[] json, String name) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (wanted && value == JsonToken.START_OBJECT) {
          return compact(json, begin, (int) parser.currentLocation().getByteOffset());
        }
      }
      return NOTHING.clone();
    } catch (IOException e) {
      throw new UncheckedIOException("it was read before", e);
    }
  }

  /// JSON without the white space between its parts; all else, such as the digits of numbers, is
  /// left as it came.
  private static byte[] compact(byte[] json, int begin, int end) {
    byte[] out = new byte[end - begin];
    int length = 0;
    boolean inText = false;
    for (int i = begin; i < end; i++) {
      byte b = json[i];
      if (inText && b == '\\') {
        out[length++] = b;
        out[length++] = json[++i];
        continue;
      }
      inText ^= b == '"';
      if (inText || (b != ' ' && b != '\t' && b != '\n' && b != '\r')) {
        out[length++] = b;
      }
    }
    return Arrays.copyOf(out, length);
  }
}

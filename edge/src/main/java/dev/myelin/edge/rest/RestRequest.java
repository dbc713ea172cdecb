package dev.myelin.edge.rest;

import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.model.Principal;
import io.vertx.core.MultiMap;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A request that a handler answers.
///
/// @param principal on whose behalf it is made
/// @param path what varies in the path, decoded
/// @param query the first value of each name counts
/// @param body already inflated; bounded, whoever reads it
/// @param repeatable what it is named each time it is sent; null if it has no `Idempotency-Key`
/// @param gone completes once the client has gone, for handlers that wait
public record RestRequest(
    String id,
    String method,
    Principal principal,
    Map<String, String> path,
    MultiMap query,
    MultiMap headers,
    InputStream body,
    @Nullable String repeatable,
    CompletableFuture<Void> gone) {
  private static final byte[] NOTHING = {};

  public RestRequest {
    path = Map.copyOf(path);
  }

  RestRequest withBody(byte[] bytes) {
    return new RestRequest(
        id,
        method,
        principal,
        path,
        query,
        headers,
        new ByteArrayInputStream(bytes),
        repeatable,
        gone);
  }

  /// The same request, known by a name that it has each time it is sent.
  RestRequest named(String name) {
    return new RestRequest(id, method, principal, path, query, headers, body, name, gone);
  }

  /// An id for a thing that this request makes: the same each time the request is sent with its
  /// `Idempotency-Key`, so that a server that was killed before it answered makes it once; null
  /// without a key.
  ///
  /// @param number of the thing, among those that the request makes
  public @Nullable String idOf(int number) {
    if (repeatable == null) {
      return null;
    }
    byte[] name = (repeatable + '\n' + number).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }

  /// Whose data it may see.
  public String tenant() {
    return principal.tenant();
  }

  /// The value of a name in the path's template.
  public String value(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("name: " + name + " (expected: one of " + path + ")");
    }
    return value;
  }

  public @Nullable String header(String name) {
    return headers.get(name);
  }

  public @Nullable String parameter(String name) {
    return query.get(name);
  }

  /// The body as a JSON object.
  ///
  /// @throws RestException 400 if it is none, 415 if it says that it is something else
  public JsonObject json() {
    return JsonReader.object(bytes());
  }

  /// The body as a JSON object, or an empty one if there is no body.
  public JsonObject jsonOrEmpty() {
    byte[] bytes = bytes();
    return bytes.length == 0 ? JsonObject.EMPTY : JsonReader.object(bytes);
  }

  /// The body, which is JSON.
  ///
  /// @throws RestException 413 if it is longer than that, 415 if it says that it is something else
  public byte[] bytes(int most) {
    byte[] bytes = bytes();
    if (bytes.length > most) {
      throw RestException.tooLarge(most);
    }
    return bytes;
  }

  private byte[] bytes() {
    String type = header("content-type");
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!List.of("", "application/json", "text/json", "text/plain").contains(bare)
        && !bare.endsWith("+json")) {
      throw RestException.of(
          415,
          dev.myelin.model.ErrorCode.INVALID_REQUEST,
          "The body is " + bare + " (expected: application/json).");
    }
    return body == null ? NOTHING : Bodies.read(body);
  }

  /// A whole number among the query parameters.
  ///
  /// @throws RestException 422 if it is none, or out of bounds
  public long number(String name, long min, long max, long otherwise) {
    String text = parameter(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw RestException.invalid(
        name, "is no whole number from " + min + " to " + max + ". Send such a one, or none.");
  }

  public boolean flag(String name) {
    String text = parameter(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true") || text.isEmpty()) {
      return true;
    }
    throw RestException.invalid(name, "is neither true nor false.");
  }

  /// Whether the client would take this type, and said so by name.
  public boolean prefers(String type) {
    String accept = header("accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains(type);
  }
}

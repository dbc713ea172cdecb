package dev.myelin.client.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One request. Immutable.
public final class Call {
  private static final String JSON = "application/json";

  /// Lines of JSON.
  public static final String NDJSON = "application/x-ndjson";

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte @Nullable [] body;
  private final boolean repeatable;

  private Call(
      String method,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      boolean repeatable) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.repeatable = repeatable;
  }

  /// The path of segments, each of which is escaped.
  ///
  /// @throws IllegalArgumentException if one is empty
  public static String path(String... segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      if (segment.isEmpty()) {
        throw new IllegalArgumentException("id: empty (expected: 1 character or more)");
      }
      path.append('/').append(escaped(segment));
    }
    return path.toString();
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public static Call get(String path) {
    return new Call("GET", path, Map.of(), null, true);
  }

  /// A POST that must not be sent twice.
  public static Call post(String path, byte[] json) {
    return of("POST", path, json, JSON);
  }

  /// A POST without a body that must not be sent twice.
  public static Call post(String path) {
    return new Call("POST", path, Map.of(), new byte[0], false);
  }

  /// A POST of something else than JSON that must not be sent twice.
  public static Call post(String path, byte[] content, String type) {
    return of("POST", path, content, type);
  }

  /// A POST that changes nothing, and so may be sent again.
  public static Call question(String path, byte[] json) {
    Call call = of("POST", path, json, JSON);
    return new Call(call.method, call.target, call.headers, call.body, true);
  }

  public static Call patch(String path, byte[] json) {
    return of("PATCH", path, json, JSON);
  }

  public static Call delete(String path) {
    return new Call("DELETE", path, Map.of(), null, false);
  }

  public static Call delete(String path, byte[] json) {
    return of("DELETE", path, json, JSON);
  }

  private static Call of(String method, String path, byte[] body, String type) {
    return new Call(method, path, Map.of("content-type", type), body, false);
  }

  /// This call with a key of its own by which the server knows it again, so that it may be sent
  /// again: the second time gets the first answer.
  public Call withIdempotencyKey() {
    return withIdempotencyKey(UUID.randomUUID().toString());
  }

  /// This call with a key by which the server knows it again, also from another process.
  public Call withIdempotencyKey(String key) {
    Call keyed = withHeader("idempotency-key", key);
    return new Call(keyed.method, keyed.target, keyed.headers, keyed.body, true);
  }

  public Call withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(method, target, more, body, repeatable);
  }

  /// For the version of a thing that was read, and no other.
  public Call ifVersion(long version) {
    return withHeader("if-match", "\"" + version + "\"");
  }

  /// This call with one more parameter; none if it is null.
  public Call with(String parameter, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    String more =
        target
            + (target.contains("?") ? "&" : "?")
            + escaped(parameter)
            + "="
            + escaped(value.toString());
    return new Call(method, more, headers, body, repeatable);
  }

  String method() {
    return method;
  }

  /// The path and the parameters.
  String target() {
    return target;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte @Nullable [] body() {
    return body;
  }

  /// Whether it may be sent again after a failure that leaves open whether the server did it.
  boolean isRepeatable() {
    return repeatable;
  }

  boolean hasKey() {
    return headers.containsKey("idempotency-key");
  }
}

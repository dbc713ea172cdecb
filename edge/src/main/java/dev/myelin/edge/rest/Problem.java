package dev.myelin.edge.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.edge.web.Answers;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What went wrong, as a problem document (RFC 9457) with the members `error`, `error_type`, `code`
/// and, where they say something, `field` and `retry_after_ms`.
///
/// @param detail written for the client
/// @param members more of them, such as `oldest_offset`
public record Problem(
    int status,
    ErrorCode code,
    String detail,
    @Nullable String field,
    @Nullable Duration retryAfter,
    Map<String, String> headers,
    Map<String, Object> members) {
  public static final String TYPE = "application/problem+json";
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);

  public Problem {
    headers = Map.copyOf(headers);
    members = Map.copyOf(members);
  }

  static Problem of(RestException e) {
    return new Problem(
        e.status(),
        e.code(),
        e.text(),
        e.field(),
        pause(e.status(), null),
        e.headers(),
        e.members());
  }

  public static Problem of(ServiceException e) {
    int status = Answers.status(e.code());
    return new Problem(
        status, e.code(), e.text(), e.field(), pause(status, e.retryAfter()), Map.of(), Map.of());
  }

  public static Problem of(int status, ErrorCode code, String detail) {
    return new Problem(status, code, detail, null, pause(status, null), Map.of(), Map.of());
  }

  private static @Nullable Duration pause(int status, @Nullable Duration known) {
    return known == null && (status == 503 || status == 429) ? USUAL_PAUSE : known;
  }

  /// The answer that tells it.
  ///
  /// @param instance the path that was asked for
  RestAnswer answer(String instance, String requestId) {
    Map<String, String> all = new HashMap<>(headers);
    if (retryAfter != null) {
      all.put("retry-after", Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
    }
    return new RestAnswer(status, all, new RestAnswer.Bytes(TYPE, bytes(instance, requestId)));
  }

  /// Sends it where no handler is at work.
  public void send(HttpServerResponse response, String instance, String requestId) {
    RestAnswer answer = answer(instance, requestId);
    answer.headers().forEach(response::putHeader);
    response
        .setStatusCode(status)
        .putHeader("content-type", TYPE)
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(Buffer.buffer(bytes(instance, requestId)));
  }

  private byte[] bytes(String instance, String requestId) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "about:blank");
      json.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      json.writeStringField("instance", instance);
      json.writeStringField("error", words(code));
      json.writeStringField("error_type", typeOf(code));
      json.writeNumberField("code", code.number());
      json.writeStringField("request_id", requestId);
      more(json);
      json.writeEndObject();
    });
  }

  private void more(JsonGenerator json) throws IOException {
    if (field != null) {
      json.writeStringField("field", field);
    }
    if (retryAfter != null) {
      json.writeNumberField("retry_after_ms", retryAfter.toMillis());
    }
    for (Map.Entry<String, Object> member : members.entrySet()) {
      json.writeFieldName(member.getKey());
      JsonText.value(json, member.getValue());
    }
  }

  /// `LIBRARY_NOT_FOUND` as "Library not found".
  public static String words(ErrorCode code) {
    String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /// `LIBRARY_NOT_FOUND` as `LibraryNotFoundError`.
  static String typeOf(ErrorCode code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.append("Error").toString();
  }
}

package dev.myelin.edge.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What went wrong, as clients are told of it.
///
/// @param text safe to show: what was wrong, what was expected, what to do
/// @param name more exact than the code's own, such as IDEMPOTENCY_MISMATCH; null for the code's
/// @param fatal whether the connection closes
/// @param retryAfterMs when to try again; null if nothing is known of it
/// @param requestType the type of the command that failed; null if it was none
/// @param details what a program may want to know
/// @param violations where a message is not what its schema says
public record GatewayError(
    GatewayCode code,
    String text,
    @Nullable String name,
    boolean fatal,
    @Nullable Long retryAfterMs,
    @Nullable String requestType,
    Map<String, Object> details,
    List<Violation> violations) {

  /// One place of a message that is not what its schema says.
  ///
  /// @param path a JSON Pointer (RFC 6901) into the message
  /// @param rule the schema's word for it, such as `required`
  public record Violation(String path, String rule, String message) {}

  public GatewayError {
    details = Map.copyOf(details);
    violations = List.copyOf(violations);
  }

  public static GatewayError of(GatewayCode code, String text) {
    return new GatewayError(code, text, null, false, null, null, Map.of(), List.of());
  }

  /// What a failure of the server's parts comes to.
  public static GatewayError of(ServiceException failure) {
    Duration retry = failure.retryAfter();
    GatewayError error = of(GatewayCode.of(failure.code()), failure.text());
    return retry == null ? error : error.retryAfter(retry);
  }

  public GatewayError retryAfter(Duration wait) {
    return new GatewayError(
        code, text, name, fatal, wait.toMillis(), requestType, details, violations);
  }

  public GatewayError closing() {
    return new GatewayError(code, text, name, true, retryAfterMs, requestType, details, violations);
  }

  public GatewayError named(String other) {
    return new GatewayError(
        code, text, other, fatal, retryAfterMs, requestType, details, violations);
  }

  public GatewayError of(@Nullable String type) {
    return new GatewayError(code, text, name, fatal, retryAfterMs, type, details, violations);
  }

  public GatewayError with(String detail, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(detail, value);
    return new GatewayError(code, text, name, fatal, retryAfterMs, requestType, more, violations);
  }

  public GatewayError with(List<Violation> places) {
    return new GatewayError(code, text, name, fatal, retryAfterMs, requestType, details, places);
  }

  /// The reason in the close frame, which is all that a browser shows: at most 123 bytes.
  ///
  /// @param resumable whether there is a session that a client could go on with
  public String closeReason(boolean resumable) {
    return shownName()
        + (retryAfterMs == null ? "" : ";retry_after_ms=" + retryAfterMs)
        + ";resume="
        + (resumable && code.isComingBack() ? 1 : 0);
  }

  public String shownName() {
    return name == null ? code.name() : name;
  }

  /// Writes the error object.
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("code", code.number());
    json.writeStringField("name", shownName());
    json.writeStringField("message", text);
    members(json);
    json.writeEndObject();
  }

  /// Writes what an error has besides its code and its text, into an object that is open.
  public void members(JsonGenerator json) throws IOException {
    json.writeBooleanField("temporary", code.isTemporary());
    json.writeBooleanField("fatal", fatal);
    if (retryAfterMs != null) {
      json.writeNumberField("retry_after_ms", retryAfterMs);
    }
    if (requestType != null) {
      json.writeStringField("request_type", requestType);
    }
    Object channel = details.get("channel");
    if (channel != null) {
      json.writeObjectFieldStart("context");
      json.writeStringField("channel", channel.toString());
      json.writeEndObject();
    }
    if (!details.isEmpty()) {
      json.writeFieldName("details");
      JsonText.value(json, details);
    }
    if (!violations.isEmpty()) {
      json.writeArrayFieldStart("errors");
      for (Violation violation : violations) {
        json.writeStartObject();
        json.writeStringField("path", violation.path());
        json.writeStringField("rule", violation.rule());
        json.writeStringField("message", violation.message());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}

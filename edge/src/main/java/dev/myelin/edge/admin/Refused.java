package dev.myelin.edge.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.web.Answers;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Ends a request with a problem document (RFC 9457), with the members `error`, `error_type`,
/// `code` and, of a wrong value, `field`.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final @Nullable String field;

  private Refused(int status, ErrorCode code, String text, @Nullable String field) {
    super(text, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  static Refused of(int status, ErrorCode code, String text) {
    return new Refused(status, code, text, null);
  }

  static Refused of(ServiceException failure) {
    return of(Answers.status(failure.code()), failure.code(), failure.text());
  }

  static Refused malformed(String text) {
    return of(400, ErrorCode.INVALID_REQUEST, text);
  }

  static Refused invalid(String field, String expected) {
    String text = field + ": wrong or missing (expected: " + expected + ").";
    return new Refused(422, ErrorCode.INVALID_REQUEST, text, field);
  }

  int status() {
    return status;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "about:blank");
    json.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
    json.writeNumberField("status", status);
    json.writeStringField("detail", getMessage());
    json.writeStringField("error", words());
    json.writeStringField("error_type", type());
    json.writeNumberField("code", code.number());
    if (field != null) {
      json.writeStringField("field", field);
    }
    json.writeEndObject();
  }

  /// `NOT_FOUND` as "Not found".
  private String words() {
    String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /// `NOT_FOUND` as `NotFoundError`.
  private String type() {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.append("Error").toString();
  }
}

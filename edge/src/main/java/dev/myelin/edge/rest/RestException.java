package dev.myelin.edge.rest;

import dev.myelin.model.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends a request with a status of its own. Its text is written for the client.
public final class RestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final @Nullable String field;
  private final transient Map<String, String> headers;
  private final transient Map<String, Object> members;

  private RestException(
      int status,
      ErrorCode code,
      String text,
      @Nullable String field,
      Map<String, String> headers,
      Map<String, Object> members) {
    super(text, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
    this.headers = Map.copyOf(headers);
    this.members = Map.copyOf(members);
  }

  public static RestException of(int status, ErrorCode code, String text) {
    return new RestException(status, code, text, null, Map.of(), Map.of());
  }

  /// The body cannot be read at all.
  public static RestException malformed(String text) {
    return of(400, ErrorCode.INVALID_REQUEST, text);
  }

  /// A value is not what it should be.
  ///
  /// @param field its path, such as `documents[3].title`
  public static RestException invalid(String field, String text) {
    return new RestException(
        422, ErrorCode.INVALID_REQUEST, field + ": " + text, field, Map.of(), Map.of());
  }

  /// The same, of a text that names the path itself.
  static RestException invalidField(String field, String text) {
    return new RestException(422, ErrorCode.INVALID_REQUEST, text, field, Map.of(), Map.of());
  }

  /// The body is longer than it may be.
  public static RestException tooLarge(long most) {
    return of(
        413,
        ErrorCode.MESSAGE_TOO_LARGE,
        "The body has more than " + most + " bytes. Send less at a time.");
  }

  /// This failure with one more header.
  public RestException withHeader(String name, String value) {
    return new RestException(status, code, text(), field, Map.of(name, value), members);
  }

  /// This failure with one more member in its problem document.
  public RestException withMember(String name, Object value) {
    Map<String, Object> all = new HashMap<>(members);
    all.put(name, value);
    return new RestException(status, code, text(), field, headers, all);
  }

  public int status() {
    return status;
  }

  public ErrorCode code() {
    return code;
  }

  public String text() {
    return String.valueOf(getMessage());
  }

  /// The path of the value that is wrong, if it is one.
  public @Nullable String field() {
    return field;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public Map<String, Object> members() {
    return members;
  }
}

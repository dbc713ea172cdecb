package dev.myelin.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A failure that the client is told of. Its text is written for the client: what was wrong, what
/// was expected, what to do next.
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient @Nullable Duration retryAfter;
  private final @Nullable String field;

  public ServiceException(ErrorCode code, String text) {
    this(code, text, null, null);
  }

  public ServiceException(ErrorCode code, String text, Duration retryAfter) {
    this(code, text, retryAfter, null);
  }

  public ServiceException(
      ErrorCode code, String text, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    this(code, text, retryAfter, cause, null);
  }

  private ServiceException(
      ErrorCode code,
      String text,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable String field) {
    // Expected outcomes cost no stack trace; only the server's own trouble needs one.
    super(text, cause, false, code.number() >= 5000);
    this.code = code;
    this.retryAfter = retryAfter;
    this.field = field;
  }

  /// Something that was sent has a value that cannot be.
  ///
  /// @param field the path of the value, such as `chunks[0].text`
  public static ServiceException invalid(ErrorCode code, String field, String text) {
    return new ServiceException(code, text, null, null, field);
  }

  public ErrorCode code() {
    return code;
  }

  /// The text for the client.
  public String text() {
    return String.valueOf(getMessage());
  }

  /// When to try again, if the failure says so.
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /// The path of the value that cannot be, if that is what failed.
  public @Nullable String field() {
    return field;
  }
}

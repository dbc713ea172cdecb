package dev.myelin.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A failure that the client is told of. Its text is written for the client: what was wrong, what
/// was expected, what to do next.
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient @Nullable Duration retryAfter;

  public ServiceException(ErrorCode code, String text) {
    this(code, text, null, null);
  }

  public ServiceException(ErrorCode code, String text, Duration retryAfter) {
    this(code, text, retryAfter, null);
  }

  public ServiceException(
      ErrorCode code, String text, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    // Expected outcomes cost no stack trace; only the server's own trouble needs one.
    super(text, cause, false, code.number() >= 5000);
    this.code = code;
    this.retryAfter = retryAfter;
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
}

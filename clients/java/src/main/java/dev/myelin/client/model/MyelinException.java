package dev.myelin.client.model;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a request failed: what the server answered, or what came in the way.
///
/// The code is the server's own in lower case, such as `invalid_space`, `dimension_mismatch` or
/// `overloaded`, or one of the constants below, which the client itself makes. The text says what
/// was wrong, what was expected, and what to do.
public class MyelinException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// No connection to the server.
  public static final String UNAVAILABLE = "unavailable";

  /// The stream or the client was closed before there was an answer.
  public static final String CLOSED = "closed";

  /// There was no answer in time.
  public static final String TIMEOUT = "timeout";

  /// The server said something that this client cannot make sense of.
  public static final String PROTOCOL = "protocol";

  /// The server does not know the API key, or wants one.
  public static final String UNAUTHENTICATED = "unauthenticated";

  /// Another connection went on with this session.
  public static final String TAKEN_OVER = "session_taken_over";

  private static final Set<String> TEMPORARY =
      Set.of(
          UNAVAILABLE,
          TIMEOUT,
          "overloaded",
          "shutting_down",
          "storage_unavailable",
          "too_many_connections",
          "outcome_unknown");

  private final String code;
  private final @Nullable Duration retryAfter;

  public MyelinException(String code, String text, @Nullable Duration retryAfter) {
    this(code, text, retryAfter, null);
  }

  /// Carries no stack trace of its own: it is made on an event loop, where the stack tells nothing.
  public MyelinException(
      String code, String text, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(text, cause, false, false);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /// There is no connection to the server.
  public static MyelinException unavailable(String text, @Nullable Throwable cause) {
    return new MyelinException(UNAVAILABLE, text, null, cause);
  }

  /// The code, in lower case.
  public final String code() {
    return code;
  }

  /// What was wrong, what was expected, what to do.
  public final String text() {
    return String.valueOf(getMessage());
  }

  /// When to try again, if the server said so.
  public final Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// Whether the same request may succeed later, unchanged.
  public final boolean isTemporary() {
    return TEMPORARY.contains(code);
  }
}

package dev.myelin.client.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that the server refused, told by its problem document (RFC 9457).
///
/// [#code()] is the server's code in lower case, such as `document_not_found`, `conflict` or
/// `precondition_failed`; [#text()] is the `detail`.
public class ProblemException extends MyelinException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String errorType;
  private final @Nullable String field;
  private final @Nullable String requestId;

  /// What the server said beside the text.
  ///
  /// @param status the HTTP status
  /// @param errorType such as `DocumentNotFoundError`; empty if it was no problem document
  /// @param field the path of the member that is wrong, such as `documents[3].texts[0]`
  /// @param requestId the number under which the server's log knows the request
  public record Said(
      int status, String errorType, @Nullable String field, @Nullable String requestId) {}

  public ProblemException(String code, String text, @Nullable Duration retryAfter, Said said) {
    super(code, text, retryAfter);
    this.status = said.status();
    this.errorType = said.errorType();
    this.field = said.field();
    this.requestId = said.requestId();
  }

  /// The HTTP status, 400 to 599.
  public final int status() {
    return status;
  }

  /// The kind of error, such as `DocumentNotFoundError`; empty if the server did not say.
  public final String errorType() {
    return errorType;
  }

  /// The path of the member that is wrong, such as `documents[3].texts[0]`, where it is one.
  public final Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /// The number under which the server's log knows the request.
  public final Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }
}

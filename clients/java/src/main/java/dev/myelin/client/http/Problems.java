package dev.myelin.client.http;

import dev.myelin.client.model.GoneException;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import dev.myelin.client.transport.Endpoint;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What went wrong with a request, in the words of the client.
final class Problems {
  private static final int GONE = 410;

  private Problems() {}

  /// The server refused.
  static ProblemException of(Endpoint endpoint, Answer answer) {
    JsonObject told = document(answer);
    String detail = told.text("detail").isEmpty() ? told.text("message") : told.text("detail");
    String text =
        detail.isEmpty() ? endpoint + " answered HTTP status " + answer.status() + "." : detail;
    String requestId = told.textOrNull("request_id");
    ProblemException.Said said =
        new ProblemException.Said(
            answer.status(),
            told.text("error_type"),
            told.textOrNull("field"),
            requestId == null ? answer.header("x-request-id").orElse(null) : requestId);
    String code = code(told, answer.status());
    return answer.status() == GONE && told.has("oldest_offset")
        ? new GoneException(code, text, said, told.number("oldest_offset"))
        : new ProblemException(code, text, retryAfter(told, answer), said);
  }

  private static JsonObject document(Answer answer) {
    try {
      return JsonObject.parse(answer.body());
    } catch (IOException _) {
      return JsonObject.EMPTY; // from something between us and the server
    }
  }

  /// `Document not found` as `document_not_found`.
  private static String code(JsonObject told, int status) {
    String error = told.text("error").isEmpty() ? told.text("code") : told.text("error");
    if (!error.isEmpty()) {
      return error.toLowerCase(Locale.ROOT).replace(' ', '_');
    }
    return switch (status) {
      case 401 -> MyelinException.UNAUTHENTICATED;
      case 403 -> "permission_denied";
      case 404 -> "not_found";
      case 409 -> "conflict";
      case 412 -> "precondition_failed";
      case 429 -> "overloaded";
      case 502, 503, 504 -> MyelinException.UNAVAILABLE;
      default -> status >= 500 ? "internal" : "invalid_request";
    };
  }

  private static @Nullable Duration retryAfter(JsonObject told, Answer answer) {
    Duration exact = told.millis("retry_after_ms");
    Optional<String> seconds =
        answer.header("retry-after").filter(text -> text.matches("[0-9]{1,6}"));
    return exact == null
        ? seconds.map(text -> Duration.ofSeconds(Long.parseLong(text))).orElse(null)
        : exact;
  }

  /// There was no answer, or only a part of one.
  static MyelinException broken(Endpoint endpoint, Throwable cause) {
    return switch (cause) {
      case MyelinException known -> known;
      case HttpTimeoutException e -> late(endpoint, e);
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          MyelinException.unavailable("There is no host named " + endpoint.host() + ".", e);
      case ConnectException e ->
          MyelinException.unavailable("No server answers at " + endpoint + ".", e);
      case SSLException e ->
          MyelinException.unavailable("No encrypted connection with " + endpoint + ": " + e, e);
      default ->
          MyelinException.unavailable(
              "The connection with " + endpoint + " broke: " + cause.getMessage() + ".", cause);
    };
  }

  static MyelinException late(Endpoint endpoint, @Nullable Throwable cause) {
    return new MyelinException(
        MyelinException.TIMEOUT, "No answer from " + endpoint + " in time.", null, cause);
  }
}

package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import io.vertx.core.MultiMap;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What went wrong with a connection or a call, in the words of the client.
final class Failures {
  private Failures() {}

  /// A connection could not be made, or broke.
  static MyelinException connection(Endpoint endpoint, Throwable cause) {
    return switch (cause) {
      case MyelinException known -> known;
      case UpgradeRejectedException e ->
          http(endpoint, e.getStatus(), e.getBody() == null ? "" : e.getBody().toString());
      case ConnectException e ->
          MyelinException.unavailable("No server answers at " + endpoint + ".", e);
      case UnknownHostException e ->
          MyelinException.unavailable("There is no host named " + endpoint.host() + ".", e);
      case SSLException e ->
          MyelinException.unavailable("No encrypted connection with " + endpoint + ": " + e, e);
      case TimeoutException e ->
          new MyelinException(
              MyelinException.TIMEOUT, "No answer from " + endpoint + " in time.", null, e);
      case StreamResetException e ->
          MyelinException.unavailable("The server broke the call off (" + e.getCode() + ").", e);
      default ->
          MyelinException.unavailable(
              "The connection with " + endpoint + " failed: " + cause.getMessage() + ".", cause);
    };
  }

  /// The server answered with an HTTP status instead of what was asked for.
  static MyelinException http(Endpoint endpoint, int status, String body) {
    JsonObject said = json(body);
    String text =
        said.text("message").isEmpty()
            ? endpoint + " answered HTTP status " + status + "."
            : said.text("message");
    if (!said.text("code").isEmpty()) {
      return new MyelinException(said.text("code"), text, null);
    }
    return switch (status) {
      case 401 -> new MyelinException(MyelinException.UNAUTHENTICATED, text, null);
      case 403 -> new MyelinException("permission_denied", text, null);
      case 429 -> new MyelinException("overloaded", text, null);
      default ->
          status >= 500
              ? MyelinException.unavailable(text, null)
              : new MyelinException(
                  MyelinException.PROTOCOL,
                  text + " Check that the address is that of a Myelin server.",
                  null);
    };
  }

  private static JsonObject json(String body) {
    try {
      return JsonObject.parse(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException _) {
      return JsonObject.EMPTY;
    }
  }

  /// The outcome of a call in its trailers, null if all is well.
  static @Nullable MyelinException status(Endpoint endpoint, MultiMap trailers) {
    String status = trailers.get("grpc-status");
    if (status == null) {
      return MyelinException.unavailable(endpoint + " broke the call off without a status.", null);
    }
    if ("0".equals(status)) {
      return null;
    }
    String text = percentDecoded(trailers.get("grpc-message"));
    String code = trailers.get("myelin-error-code");
    return new MyelinException(
        code == null ? code(status) : code.toLowerCase(Locale.ROOT),
        text.isEmpty() ? "The server ended the call with gRPC status " + status + "." : text,
        wait(trailers.get("grpc-retry-pushback-ms")));
  }

  private static @Nullable Duration wait(@Nullable String millis) {
    return millis == null || !millis.matches("[0-9]{1,9}")
        ? null
        : Duration.ofMillis(Long.parseLong(millis));
  }

  private static String code(String grpcStatus) {
    return switch (grpcStatus) {
      case "3", "11" -> "invalid_request";
      case "4" -> MyelinException.TIMEOUT;
      case "5" -> "not_found";
      case "7" -> "permission_denied";
      case "8" -> "overloaded";
      case "9" -> "wrong_state";
      case "10" -> MyelinException.TAKEN_OVER;
      case "12" -> "unsupported";
      case "1", "14" -> MyelinException.UNAVAILABLE;
      case "16" -> MyelinException.UNAUTHENTICATED;
      default -> "internal";
    };
  }

  private static String percentDecoded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}

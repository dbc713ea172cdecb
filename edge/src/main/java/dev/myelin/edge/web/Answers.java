package dev.myelin.edge.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers with JSON.
public final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final JsonFactory JSON = new JsonFactory();

  private Answers() {}

  /// Writes a JSON document.
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /// Sends a JSON document.
  public static void send(HttpServerResponse response, int status, Body body) {
    send(response, status, "application/json", body);
  }

  /// Sends a JSON document of a more special type.
  public static void send(HttpServerResponse response, int status, String type, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(Buffer.buffer(bytes.toByteArray()));
  }

  /// Sends what went wrong, in the shape of the error messages on a WebSocket.
  public static void fail(HttpServerResponse response, int status, ErrorCode code, String text) {
    send(
        response,
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("message", text);
          json.writeStringField("code", code.name().toLowerCase(Locale.ROOT));
          json.writeEndObject();
        });
  }

  /// Sends why a request failed: a known failure with the status that its code has, a bug with a
  /// number under which the log tells more.
  public static void fail(HttpServerResponse response, RuntimeException failure) {
    if (failure instanceof ServiceException known) {
      fail(response, known);
      return;
    }
    String id = UUID.randomUUID().toString();
    LOG.atError().setCause(failure).addKeyValue("correlation", id).log("a request failed");
    fail(response, 500, ErrorCode.INTERNAL, "Internal error " + id + ". Try again.");
  }

  private static void fail(HttpServerResponse response, ServiceException failure) {
    if (failure.retryAfter() != null) {
      response.putHeader(
          "retry-after", Long.toString(Math.max(1, failure.retryAfter().toSeconds())));
    }
    fail(response, status(failure.code()), failure.code(), failure.text());
  }

  /// The HTTP status of a failure.
  public static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST,
          INVALID_SPACE,
          INVALID_EPISODE,
          INVALID_EMBEDDING,
          DIMENSION_MISMATCH,
          INVALID_CUE,
          INVALID_CHANNEL ->
          400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND, LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND -> 404;
      case CONFLICT,
          ALREADY_EXISTS,
          WRONG_STATE,
          SEQUENCE_GAP,
          SEQUENCE_DUPLICATE,
          SESSION_MISMATCH,
          SESSION_TAKEN_OVER,
          SESSION_PAUSED,
          SESSION_EXPIRED ->
          409;
      case GONE -> 410;
      case PRECONDITION_FAILED -> 412;
      case MESSAGE_TOO_LARGE -> 413;
      case INVALID_DOCUMENT, INVALID_LIBRARY, INVALID_SEARCH, INVALID_WEBHOOK -> 422;
      case RATE_LIMITED -> 429;
      case INTERNAL, STORAGE_UNUSABLE, OUTCOME_UNKNOWN -> 500;
      case UNSUPPORTED -> 501;
      case OVERLOADED, SHUTTING_DOWN, STORAGE_UNAVAILABLE, TOO_MANY_CONNECTIONS, TOO_MANY_SPACES ->
          503;
    };
  }
}

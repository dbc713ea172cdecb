package dev.myelin.edge.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.edge.rest.Problem;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.web.Answers;
import dev.myelin.journal.Backups;
import dev.myelin.journal.Backups.Backup;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// `POST /v1/admin/backup`: makes a backup while the server serves, for whoever runs it: it holds
/// the data of all tenants.
///
/// The body is `{"folder": NAME}`, or empty for a name from the time. The answer is 201 with
/// `{"folder", "took_ms", "bytes"}`: the absolute path, the time it took in milliseconds, the
/// lengths of its files.
public final class BackupEndpoint {
  public static final String PATH = "/v1/admin/backup";

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_BODY_BYTES = 4_096;

  private final Executor blocking;
  private final Backups backups;

  /// @param blocking runs what may block
  public BackupEndpoint(Executor blocking, Backups backups) {
    this.blocking = blocking;
    this.backups = backups;
  }

  /// Answers a request. Its event loop.
  public void handle(HttpServerRequest request, Principal principal) {
    if (!principal.isRoot()) {
      RestSurface.fail(
          request,
          Problem.of(
              403,
              ErrorCode.PERMISSION_DENIED,
              "Backups are for whoever runs the server. Send the server's own key."));
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() <= MAX_BODY_BYTES) {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(_ -> blocking.execute(() -> answer(request, body)));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    try {
      Backup made = backups.make(name(body));
      Answers.send(
          request.response(),
          201,
          json -> {
            json.writeStartObject();
            json.writeStringField("folder", made.folder().toString());
            json.writeNumberField("took_ms", made.took().toMillis());
            json.writeNumberField("bytes", made.bytes());
            json.writeEndObject();
          });
    } catch (RuntimeException e) {
      RestSurface.fail(request, RestSurface.problemOf(e));
    }
  }

  /// The name that a body asks for; null if it leaves that to the server.
  private static @Nullable String name(Buffer body) {
    if (body.length() > MAX_BODY_BYTES) {
      throw new ServiceException(
          ErrorCode.MESSAGE_TOO_LARGE, "The body is longer than " + MAX_BODY_BYTES + " bytes.");
    }
    if (body.length() == 0) {
      return null;
    }
    try (JsonParser json = JSON.createParser(body.getBytes())) {
      return name(json);
    } catch (IOException _) {
      throw unreadable();
    }
  }

  private static @Nullable String name(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw unreadable();
    }
    String name = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (!json.currentName().equals("folder") || json.nextToken() != JsonToken.VALUE_STRING) {
        throw unreadable();
      }
      name = json.getText();
    }
    if (json.nextToken() != null) {
      throw unreadable();
    }
    return name;
  }

  private static ServiceException unreadable() {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "The body cannot be read (expected: {\"folder\": \"NAME\"}, or no body).");
  }
}

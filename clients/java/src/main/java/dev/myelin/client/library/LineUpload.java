package dev.myelin.client.library;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Incoming;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.UploadSummary;
import dev.myelin.client.library.wire.DocumentForms;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/// Sends lines of JSON in parts, and hears of each line while its part is worked on. One thread.
///
/// A part is sent whole before its answer is read, so it is kept so short that the answer finds
/// room on its way whatever the server does first.
final class LineUpload {
  private static final int PART_LINES = 256;
  private static final int PART_BYTES = 1024 * 1024;
  private static final int PATIENCE_OF_PARTS = 4;

  /// The server's own bound.
  private static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

  private final Http http;
  private final String path;
  private final Consumer<ItemResult> each;
  private final ByteArrayOutputStream part = new ByteArrayOutputStream();
  private int lines;
  private long linesBefore;
  private long done;
  private long failed;

  LineUpload(Http http, String path, Consumer<ItemResult> each) {
    this.http = http;
    this.path = path;
    this.each = each;
  }

  UploadSummary of(InputStream ndjson) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int read = ndjson.read(buffer); read >= 0; read = ndjson.read(buffer)) {
      int from = 0;
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          part.write(buffer, from, i + 1 - from);
          from = i + 1;
          lines++;
          if (lines >= PART_LINES || part.size() >= PART_BYTES) {
            send();
          }
        }
      }
      part.write(buffer, from, read - from);
      if (part.size() > MAX_LINE_BYTES + PART_BYTES) {
        throw new IOException(
            "line "
                + (linesBefore + lines + 1)
                + " has more than "
                + MAX_LINE_BYTES
                + " bytes (expected: one document)");
      }
    }
    if (part.size() > 0) {
      send();
    }
    return new UploadSummary(done, failed);
  }

  private void send() {
    Call call = Call.post(path, part.toByteArray(), Call.NDJSON).withHeader("accept", Call.NDJSON);
    var silence = http.options().requestTimeout().multipliedBy(PATIENCE_OF_PARTS);
    try (Incoming answer = http.open(call)) {
      for (String line = answer.line(silence); line != null; line = answer.line(silence)) {
        JsonObject json = Documents.parse(line);
        if (json.text("status").equals("summary")) {
          part.reset();
          linesBefore += lines;
          lines = 0;
          return;
        }
        tell(DocumentForms.result(linesBefore + json.number("line"), json));
      }
    }
    throw MyelinException.unavailable(
        "The server broke off: what came after line " + linesBefore + " is in part not known.",
        null);
  }

  private void tell(ItemResult result) {
    if (result.isDone()) {
      done++;
    } else {
      failed++;
    }
    each.accept(result);
  }
}

package dev.myelin.client.library;

import dev.myelin.client.library.model.Content;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.wire.DocumentForms;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Documents that go to the server in one request, as the bytes that they become. One thread.
final class DocumentBatch {
  /// So few that the server answers in a time that a client waits for.
  private static final int FULL = 64;

  private static final int FULL_BYTES = 256 * 1024;
  private static final int FULL_EMBEDDED_BYTES = 4 * 1024 * 1024;
  private static final byte[] HEAD = "{\"documents\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FOOT = "]}".getBytes(StandardCharsets.UTF_8);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
  private int count;
  private boolean embedded;

  DocumentBatch() {
    bytes.writeBytes(HEAD);
  }

  void add(NewDocument document) {
    if (count++ > 0) {
      bytes.write(',');
    }
    embedded = isEmbedded(document);
    bytes.writeBytes(DocumentForms.of(document));
  }

  private static boolean isEmbedded(NewDocument document) {
    return document.content() instanceof Content.Embedded;
  }

  /// Whether a document goes to the same place as those that are here.
  boolean isOfKind(NewDocument document) {
    return count == 0 || isEmbedded(document) == embedded;
  }

  boolean isEmbedded() {
    return embedded;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Whether it should be sent before more is added. One document may make it longer than that.
  boolean isFull() {
    return count >= FULL || bytes.size() >= (embedded ? FULL_EMBEDDED_BYTES : FULL_BYTES);
  }

  byte[] body() {
    bytes.writeBytes(FOOT);
    return bytes.toByteArray();
  }
}

package dev.myelin.client.library;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Cursors;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Incoming;
import dev.myelin.client.http.JsonBody;
import dev.myelin.client.http.Paged;
import dev.myelin.client.library.model.BatchResult;
import dev.myelin.client.library.model.Content;
import dev.myelin.client.library.model.Document;
import dev.myelin.client.library.model.DocumentChange;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.UploadSummary;
import dev.myelin.client.library.wire.DocumentForms;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// The documents of one library. Any thread; calls block, and throw as [LibraryClient] says.
public final class Documents {
  /// A text gets its embeddings before the answer, which takes its time.
  private static final int PATIENCE_OF_WRITES = 4;

  private final Http http;
  private final String library;

  Documents(Http http, String library) {
    this.http = http;
    this.library = library;
  }

  private String all() {
    return Call.path("v1", "libraries", library, "documents");
  }

  private String one(String id) {
    return Call.path("v1", "libraries", library, "documents", id);
  }

  private Duration patience() {
    return http.options().requestTimeout().multipliedBy(PATIENCE_OF_WRITES);
  }

  /// Adds a document. When this returns it is durable, and the next search finds it; status 409 if
  /// there is one of that id, 422 if something about it is wrong.
  public Document add(NewDocument document) {
    boolean embedded = document.content() instanceof Content.Embedded;
    String path = embedded ? all() + "/with-embeddings" : all();
    Call call = Call.post(path, DocumentForms.of(document)).withIdempotencyKey();
    return DocumentForms.document(http.send(call, patience()).json());
  }

  /// Adds up to 1 000 documents in one request; a bad one fails alone. Either all or none of them
  /// bring their own embeddings.
  public BatchResult addAll(List<NewDocument> documents) {
    DocumentBatch batch = new DocumentBatch();
    for (NewDocument document : documents) {
      if (!batch.isOfKind(document)) {
        throw new IllegalArgumentException(
            "documents: some with embeddings (expected: all of them, or none)");
      }
      batch.add(document);
    }
    return send(batch);
  }

  private BatchResult send(DocumentBatch batch) {
    String path = all() + (batch.isEmbedded() ? "/batch-with-embeddings" : "/batch");
    Call call = Call.post(path, batch.body()).withIdempotencyKey();
    return DocumentForms.results(http.send(call, patience()).json());
  }

  /// Adds any number of documents, in batches of bounded length: only one is in memory at a time.
  ///
  /// @param each told of each document when its batch was answered, in order, on this thread
  public UploadSummary addEach(Iterator<NewDocument> documents, Consumer<ItemResult> each) {
    long done = 0;
    long failed = 0;
    DocumentBatch batch = new DocumentBatch();
    while (documents.hasNext() || !batch.isEmpty()) {
      NewDocument next = documents.hasNext() ? documents.next() : null;
      if (next == null || batch.isFull() || !batch.isOfKind(next)) {
        for (ItemResult result : send(batch).results()) {
          each.accept(new ItemResult(done + failed, result.documentId(), result.error()));
          done += result.isDone() ? 1 : 0;
          failed += result.isDone() ? 0 : 1;
        }
        batch = new DocumentBatch();
      }
      if (next != null) {
        batch.add(next);
      }
    }
    return new UploadSummary(done, failed);
  }

  /// Adds documents that are lines of JSON already, however many: sent as they are read, in parts
  /// of bounded length. A bad line fails alone.
  ///
  /// A part is sent once. If it breaks off, what was told is settled, and the rest is not known.
  ///
  /// @param each told of each line (numbers from 1) when the server has settled it, on this thread
  /// @throws IOException if the input cannot be read
  public UploadSummary addLines(InputStream ndjson, Consumer<ItemResult> each) throws IOException {
    return new LineUpload(http, all() + "/stream", each).of(ndjson);
  }

  /// A document, with its passages; status 404 if there is none.
  public Document get(String id) {
    return DocumentForms.document(http.send(Call.get(one(id))).json());
  }

  /// A document, with its passages and their embeddings.
  public Document getWithEmbeddings(String id) {
    Call call = Call.get(one(id)).with("include_embeddings", true);
    return DocumentForms.document(http.send(call).json());
  }

  /// All documents without their passages, in order of id.
  public Paged<Document> list() {
    return Cursors.list(http, Call.get(all()), DocumentForms::document);
  }

  /// Reads all documents with their passages, one after the other.
  ///
  /// @param each called on this thread; slow work in it lets the server wait
  /// @return how many there were
  public long export(Consumer<Document> each) {
    long count = 0;
    Duration silence = http.options().requestTimeout();
    try (Incoming lines =
        http.open(Call.get(all() + "/stream").withHeader("accept", Call.NDJSON))) {
      for (String line = lines.line(silence); line != null; line = lines.line(silence)) {
        JsonObject json = parse(line);
        if (json.text("status").equals("complete")) {
          return count;
        }
        each.accept(DocumentForms.document(json));
        count++;
      }
    }
    throw MyelinException.unavailable("The server broke the export off. Begin anew.", null);
  }

  static JsonObject parse(String line) {
    try {
      return JsonObject.parse(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }

  /// Changes a document, whatever its version. A new text replaces all passages in one step.
  public Document update(String id, DocumentChange change) {
    return update(Call.patch(one(id), DocumentForms.of(change)));
  }

  /// Changes a document; status 412 if it has another version meanwhile.
  public Document update(String id, DocumentChange change, long ifVersion) {
    return update(Call.patch(one(id), DocumentForms.of(change)).ifVersion(ifVersion));
  }

  private Document update(Call call) {
    return DocumentForms.document(http.send(call, patience()).json());
  }

  /// Deletes a document; status 404 if there is none.
  public void delete(String id) {
    var _ = http.send(Call.delete(one(id)));
  }

  /// Deletes a document; status 412 if it has another version meanwhile.
  public void delete(String id, long ifVersion) {
    var _ = http.send(Call.delete(one(id)).ifVersion(ifVersion));
  }

  /// Deletes up to 1 000 documents; what is not there fails alone.
  public BatchResult deleteAll(List<String> ids) {
    byte[] body =
        JsonBody.object(json -> {
          JsonBody.put(json, "document_ids", ids);
          json.writeStringField("library_id", library);
        });
    return DocumentForms.results(
        http.send(Call.delete("/v1/documents/batch", body), patience()).json());
  }
}

package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.AnswerStream;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.model.Page;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Documents as lines: read while they come in, written while they are read.
public final class DocumentStreamRoutes {
  private static final String STREAM = "/v1/libraries/{library_id}/documents/stream";
  private static final int PAGE = 100;
  private static final int MAX_RESULTS = 10_000;

  private final LibraryService libraries;
  private final DocumentReader reader;

  public DocumentStreamRoutes(LibraryService libraries, DocumentReader reader) {
    this.libraries = libraries;
    this.reader = reader;
  }

  public List<Route> routes() {
    return List.of(
        Route.streamed("POST", STREAM, this::add), Route.streamed("GET", STREAM, this::export));
  }

  private RestAnswer add(RestRequest request) {
    SpaceId library = LibraryIds.info(libraries, LibraryIds.of(request)).id();
    DocumentIntake intake = new DocumentIntake(libraries, reader, library, request.body());
    return request.prefers(RestAnswer.NDJSON)
        ? RestAnswer.stream(RestAnswer.NDJSON, out -> progress(intake, out))
        : summary(intake);
  }

  private static RestAnswer summary(DocumentIntake intake) {
    long began = System.nanoTime();
    List<DocumentIntake.Taken> told = new ArrayList<>();
    for (List<DocumentIntake.Taken> some = intake.next(); some != null; some = intake.next()) {
      some.stream().limit(MAX_RESULTS - told.size()).forEach(told::add);
    }
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      counts(json, intake, began);
      json.writeArrayFieldStart("results");
      for (DocumentIntake.Taken taken : told) {
        taken(json, taken, null);
      }
      json.writeEndArray();
      json.writeBooleanField(
          "results_truncated", told.size() < intake.successful() + intake.failed());
      json.writeEndObject();
    });
  }

  private static void progress(DocumentIntake intake, AnswerStream out)
      throws InterruptedException {
    long began = System.nanoTime();
    for (List<DocumentIntake.Taken> some = intake.next(); some != null; some = intake.next()) {
      for (DocumentIntake.Taken taken : some) {
        out.write(
            JsonText.line(
                json -> taken(json, taken, taken.error() == null ? "completed" : "error")));
      }
    }
    out.write(
        JsonText.line(json -> {
          json.writeStartObject();
          json.writeStringField("status", "summary");
          counts(json, intake, began);
          json.writeNumberField("total_processed", intake.successful() + intake.failed());
          json.writeNumberField("total_succeeded", intake.successful());
          json.writeNumberField("total_failed", intake.failed());
          json.writeNumberField("total_chunks", intake.passages());
          json.writeEndObject();
        }));
  }

  private static void counts(JsonGenerator json, DocumentIntake intake, long began)
      throws IOException {
    json.writeNumberField("successful", intake.successful());
    json.writeNumberField("failed", intake.failed());
    json.writeNumberField("processing_time_ms", LibraryRoutes.millisSince(began));
  }

  private static void taken(JsonGenerator json, DocumentIntake.Taken taken, @Nullable String status)
      throws IOException {
    json.writeStartObject();
    if (status != null) {
      json.writeStringField("status", status);
    }
    json.writeBooleanField("success", taken.error() == null);
    json.writeNumberField("line", taken.line());
    DocumentInfo document = taken.document();
    if (document != null) {
      json.writeStringField("document_id", document.id());
      json.writeStringField("title", document.meta().title());
      json.writeNumberField("num_chunks", document.passageCount());
    } else {
      json.writeStringField("error", taken.error());
    }
    json.writeEndObject();
  }

  private RestAnswer export(RestRequest request) {
    SpaceId library = LibraryIds.info(libraries, LibraryIds.of(request)).id();
    boolean embeddings = request.flag("include_embeddings");
    return RestAnswer.stream(RestAnswer.NDJSON, out -> export(library, embeddings, out));
  }

  private void export(SpaceId library, boolean embeddings, AnswerStream out)
      throws InterruptedException {
    long total = 0;
    String cursor = null;
    do {
      Page<DocumentInfo> page = libraries.documents(library, PAGE, cursor);
      for (DocumentInfo listed : page.items()) {
        Optional<DocumentInfo> whole = libraries.document(library, listed.id(), embeddings);
        if (whole.isPresent()) { // or deleted meanwhile
          out.write(JsonText.line(json -> LibraryJson.document(json, whole.get())));
          total++;
        }
      }
      cursor = page.next();
    } while (cursor != null);
    long documents = total;
    out.write(
        JsonText.line(json -> {
          json.writeStartObject();
          json.writeStringField("status", "complete");
          json.writeNumberField("total_documents", documents);
          json.writeEndObject();
        }));
  }
}

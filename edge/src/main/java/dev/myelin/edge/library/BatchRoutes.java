package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.Cause;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Many documents in one request: one result for each, in order; a bad one fails alone.
public final class BatchRoutes {
  private static final String IN_LIBRARY = "/v1/libraries/{library_id}/documents";
  private static final int MAX_ID = 128;

  private final LibraryService libraries;
  private final DocumentReader reader;

  public BatchRoutes(LibraryService libraries, DocumentReader reader) {
    this.libraries = libraries;
    this.reader = reader;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", IN_LIBRARY + "/batch", request -> add(request, reader::document)),
        Route.of(
            "POST",
            IN_LIBRARY + "/batch-with-embeddings",
            request -> add(request, reader::withEmbeddings)),
        Route.of("DELETE", "/v1/documents/batch", this::delete));
  }

  /// What became of one.
  record Outcome(@Nullable String documentId, @Nullable String error, int passages) {
    static Outcome failed(@Nullable String id, String error) {
      return new Outcome(id, error, 0);
    }

    static Outcome of(DocumentResult result) {
      DocumentInfo document = result.document();
      if (document != null) {
        return new Outcome(document.id(), null, document.passageCount());
      }
      ServiceException failure = result.failure();
      return failed(null, failure == null ? "It was not added." : failure.text());
    }
  }

  private RestAnswer add(RestRequest request, Function<JsonObject, NewDocument> form) {
    SpaceId library = LibraryIds.info(libraries, LibraryIds.of(request)).id();
    JsonObject json = request.json();
    long began = System.nanoTime();
    List<@Nullable JsonObject> items =
        json.objects("documents", 1, reader.bounds().maxDocumentsPerBatch());
    List<@Nullable Outcome> outcomes = new ArrayList<>();
    List<NewDocument> good = new ArrayList<>();
    MadeOnce once = new MadeOnce(libraries, request, library);
    for (int i = 0; i < items.size(); i++) {
      try {
        NewDocument document = form.apply(json.require(items.get(i), "documents", i));
        good.add(once.named(document, good.size()));
        outcomes.add(null);
      } catch (JsonFailure e) {
        outcomes.add(Outcome.failed(null, e.text()));
      }
    }
    return answer(201, merged(outcomes, added(once, good)), began, true);
  }

  private List<DocumentResult> added(MadeOnce once, List<NewDocument> documents) {
    if (documents.isEmpty()) {
      return List.of();
    }
    List<DocumentResult> results = libraries.addAll(once.library(), documents, Cause.NONE);
    return IntStream.range(0, results.size())
        .mapToObj(i -> once.result(documents.get(i), i, results.get(i)))
        .toList();
  }

  /// Puts results into the places that wait for one.
  private static List<Outcome> merged(
      List<@Nullable Outcome> outcomes, List<DocumentResult> results) {
    List<Outcome> all = new ArrayList<>(outcomes.size());
    var next = results.iterator();
    for (Outcome outcome : outcomes) {
      all.add(outcome == null ? Outcome.of(next.next()) : outcome);
    }
    return all;
  }

  private RestAnswer delete(RestRequest request) {
    JsonObject json = request.json();
    long began = System.nanoTime();
    int most = reader.bounds().maxDocumentsPerBatch();
    List<String> ids = json.texts("document_ids", most, 1, MAX_ID);
    if (ids == null || ids.isEmpty()) {
      throw json.invalid("document_ids", "is missing (expected: 1 to " + most + " ids).");
    }
    String name = json.textOrNull("library_id", 1, MAX_ID);
    SpaceId library =
        name == null ? null : LibraryIds.info(libraries, writable(request.principal(), name)).id();
    return answer(200, deleted(homes(request.principal(), library, ids), ids), began, false);
  }

  private static SpaceId writable(Principal principal, String name) {
    return principal.require(Scope.WRITE, LibraryIds.of(principal.tenant(), name));
  }

  /// The library of each document, null where there is none.
  private List<@Nullable SpaceId> homes(
      Principal principal, @Nullable SpaceId library, List<String> ids) {
    List<@Nullable SpaceId> homes = new ArrayList<>(ids.size());
    for (String id : ids) {
      homes.add(
          library == null
              ? LibraryIds.ofDocument(libraries, principal, Scope.WRITE, id).orElse(null)
              : library);
    }
    return homes;
  }

  /// Deletes what each library has in one batch.
  private List<Outcome> deleted(List<@Nullable SpaceId> homes, List<String> ids) {
    Map<SpaceId, List<String>> byLibrary = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      SpaceId home = homes.get(i);
      if (home != null) {
        byLibrary.computeIfAbsent(home, _ -> new ArrayList<>()).add(ids.get(i));
      }
    }
    Map<SpaceId, Iterator<DocumentResult>> results = new HashMap<>();
    byLibrary.forEach(
        (home, its) -> results.put(home, libraries.deleteAll(home, its, Cause.NONE).iterator()));
    List<Outcome> outcomes = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      SpaceId home = homes.get(i);
      Iterator<DocumentResult> next = home == null ? null : results.get(home);
      outcomes.add(outcome(ids.get(i), next == null ? null : next.next()));
    }
    return outcomes;
  }

  private static Outcome outcome(String id, @Nullable DocumentResult result) {
    if (result == null) {
      return Outcome.failed(id, "Document not found");
    }
    ServiceException failure = result.failure();
    return new Outcome(id, failure == null ? null : failure.text(), 0);
  }

  private static RestAnswer answer(int status, List<Outcome> outcomes, long began, boolean added) {
    long good = outcomes.stream().filter(outcome -> outcome.error() == null).count();
    return RestAnswer.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeNumberField("total_requested", outcomes.size());
          json.writeNumberField("successful", good);
          json.writeNumberField("failed", outcomes.size() - good);
          json.writeArrayFieldStart("results");
          for (Outcome outcome : outcomes) {
            outcome(json, outcome);
          }
          json.writeEndArray();
          if (added) {
            json.writeNumberField(
                "total_chunks_added", outcomes.stream().mapToInt(Outcome::passages).sum());
          }
          json.writeNumberField("processing_time_ms", LibraryRoutes.millisSince(began));
          json.writeEndObject();
        });
  }

  private static void outcome(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("success", outcome.error() == null);
    json.writeStringField("document_id", outcome.documentId());
    json.writeStringField("error", outcome.error());
    json.writeEndObject();
  }
}

package dev.myelin.edge.library;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.Conditional;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.LibraryService;
import dev.myelin.library.event.Cause;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.model.LibraryStatistics;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.model.Page;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/libraries`: what libraries there are, and their figures.
public final class LibraryRoutes {
  private static final String ALL = "/v1/libraries";
  private static final String ONE = ALL + "/{library_id}";
  private static final int MAX_ID = 64;
  private static final int MAX_NAME = 255;
  private static final int MAX_SHORT = 2_048;

  private final LibraryService libraries;

  public LibraryRoutes(LibraryService libraries) {
    this.libraries = libraries;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", ALL, this::create),
        Route.of("GET", ALL, this::list),
        Route.of("GET", ONE, request -> answer(200, LibraryIds.info(libraries, request))),
        Route.of("PATCH", ONE, this::update),
        Route.of("DELETE", ONE, this::delete).needing(Scope.ADMIN),
        Route.of("GET", ONE + "/statistics", this::statistics),
        Route.of("GET", ONE + "/index/statistics", this::indexStatistics));
  }

  private static RestAnswer answer(int status, LibraryInfo library) {
    return RestAnswer.json(status, json -> LibraryJson.library(json, library))
        .withHeader("etag", Conditional.tag(library.version()));
  }

  private RestAnswer create(RestRequest request) {
    JsonObject json = request.json();
    String type = json.textOrNull("index_type", 1, MAX_SHORT);
    NewLibrary wanted =
        new NewLibrary(
            id(request.tenant(), json),
            json.text("name", 1, MAX_NAME),
            json.textOrNull("description", 0, MAX_SHORT),
            json.mapOrEmpty("metadata"),
            type == null ? NewLibrary.DEFAULT_INDEX_TYPE : type,
            json.textOrNull("embedding_model", 1, MAX_SHORT),
            (int) json.integer("dimension", 1, Embedding.MAX_DIMENSION, 0));
    admit(request.principal(), wanted.id());
    LibraryInfo made = created(request, wanted);
    return answer(201, made).withHeader("location", ALL + "/" + made.id().name());
  }

  private static @Nullable String id(String tenant, JsonObject json) {
    String id = json.textOrNull("id", 3, MAX_ID);
    try {
      return id == null ? null : new SpaceId(tenant, id).name();
    } catch (ServiceException _) {
      throw json.invalid(
          "id", "is " + Excerpt.of(id) + " (expected: 3 to 64 of a-z, 0-9, _ and -).");
    }
  }

  /// With the id that the request gives it each time, if it names none.
  private LibraryInfo created(RestRequest request, NewLibrary wanted) {
    String id = wanted.id() == null ? request.idOf(0) : null;
    if (id == null) {
      return libraries.create(request.tenant(), wanted, Cause.NONE);
    }
    try {
      return libraries.create(request.tenant(), wanted.withId(id), Cause.NONE);
    } catch (ServiceException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
      return libraries.find(LibraryIds.of(request.tenant(), id)).orElseThrow(() -> e);
    }
  }

  /// Who may write in one library only may make that one.
  private static void admit(Principal principal, @Nullable String id) {
    if (id == null || principal.mayEverywhere(Scope.WRITE)) {
      principal.requireEverywhere(Scope.WRITE);
    } else {
      var _ = principal.require(Scope.WRITE, LibraryIds.of(principal.tenant(), id));
    }
  }

  /// A page may be shorter than asked for: it leaves out what the key may not read.
  private RestAnswer list(RestRequest request) {
    int limit = Pages.limit(request);
    Page<LibraryInfo> all = libraries.list(request.tenant(), limit, request.parameter("cursor"));
    List<LibraryInfo> readable =
        all.items().stream()
            .filter(library -> request.principal().may(Scope.READ, library.id()))
            .toList();
    return Pages.answer(ALL, limit, new Page<>(readable, all.next()), LibraryJson::library);
  }

  private RestAnswer update(RestRequest request) {
    LibraryInfo present = LibraryIds.info(libraries, request);
    JsonObject json = request.json();
    LibraryPatch patch =
        new LibraryPatch(
            json.textOrNull("name", 1, MAX_NAME),
            json.textOrNull("description", 0, MAX_SHORT),
            json.map("metadata"),
            Conditional.required(request, present.version()));
    return answer(200, libraries.update(present.id(), patch, Cause.NONE));
  }

  private RestAnswer delete(RestRequest request) {
    SpaceId id = LibraryIds.of(request);
    if (Conditional.isWanted(request)) {
      var _ = Conditional.required(request, LibraryIds.info(libraries, id).version());
    }
    libraries.delete(id, Cause.NONE);
    return RestAnswer.noContent();
  }

  // ---- figures

  private RestAnswer statistics(RestRequest request) {
    LibraryInfo library = LibraryIds.info(libraries, request);
    LibraryStatistics figures = libraries.statistics(library.id());
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeStringField("library_id", library.id().name());
      json.writeStringField("library_name", library.name());
      json.writeNumberField("num_documents", figures.documents());
      json.writeNumberField("num_chunks", figures.passages());
      json.writeNumberField("num_memories", figures.passages());
      LibraryJson.dimension(json, "embedding_dimension", figures.dimension());
      json.writeStringField("index_type", figures.indexType());
      json.writeNumberField("last_offset", figures.endOffset());
      json.writeNumberField("oldest_offset", figures.oldestOffset());
      figures(json, figures);
      json.writeEndObject();
    });
  }

  private static long embedded(LibraryStatistics figures) {
    return Math.max(0, figures.passages() - figures.waiting());
  }

  private static void figures(JsonGenerator json, LibraryStatistics figures) throws IOException {
    json.writeObjectFieldStart("vector_store_stats");
    json.writeNumberField("total_vectors", embedded(figures));
    json.writeNumberField("waiting_for_embedding", figures.waiting());
    LibraryJson.dimension(json, "dimension", figures.dimension());
    json.writeEndObject();
    json.writeObjectFieldStart("index_stats");
    json.writeStringField("index_type", figures.indexType());
    json.writeNumberField("total_vectors", embedded(figures));
    json.writeNumberField("unindexed_records", figures.unindexed());
    json.writeEndObject();
  }

  private RestAnswer indexStatistics(RestRequest request) {
    LibraryInfo library = LibraryIds.info(libraries, request);
    LibraryStatistics figures = libraries.statistics(library.id());
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeStringField("library_id", library.id().name());
      json.writeStringField("library_name", library.name());
      json.writeStringField("index_type", figures.indexType());
      json.writeNumberField("total_vectors", embedded(figures));
      figures(json, figures);
      json.writeEndObject();
    });
  }

  static double millisSince(long began) {
    return Math.round((System.nanoTime() - began) / 10_000.0) / 100.0;
  }
}

package dev.myelin.edge.library;

import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestHandler;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.LibraryService;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.library.search.SearchHit;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import java.util.List;

/// Questions to a library.
public final class SearchRoutes {
  private static final String SEARCH = "/v1/libraries/{library_id}/search";
  private static final int MAX_QUERY = 1_000;

  private final LibraryService libraries;

  public SearchRoutes(LibraryService libraries) {
    this.libraries = libraries;
  }

  public List<Route> routes() {
    return List.of(
        question(SEARCH, request -> whole(either(request))),
        question(SEARCH + "/embedding", request -> whole(embedding(request))),
        question(SEARCH + "/filtered", request -> whole(either(request))),
        question(SEARCH + "/hybrid", request -> whole(text(request, Mode.HYBRID))),
        question(SEARCH + "/stream", this::stream),
        Route.of("GET", SEARCH + "/stream", request -> lines(libraries.search(query(request)))));
  }

  /// A POST that changes nothing.
  private static Route question(String path, RestHandler handler) {
    return Route.of("POST", path, handler).needing(Scope.READ);
  }

  private RestAnswer whole(Search search) {
    SearchAnswer answer = libraries.search(search);
    return RestAnswer.ok(json -> SearchJson.answer(json, answer));
  }

  private static Search either(RestRequest request) {
    boolean embeddings = request.flag("include_embeddings");
    return SearchReader.either(LibraryIds.of(request), request.json(), embeddings);
  }

  private static Search text(RestRequest request, Mode mode) {
    boolean embeddings = request.flag("include_embeddings");
    return SearchReader.text(LibraryIds.of(request), request.json(), mode, embeddings);
  }

  private static Search embedding(RestRequest request) {
    boolean embeddings = request.flag("include_embeddings");
    return SearchReader.embedding(LibraryIds.of(request), request.json(), embeddings);
  }

  private RestAnswer stream(RestRequest request) {
    Search search = either(request);
    return request.prefers(RestAnswer.JSON) ? whole(search) : lines(libraries.search(search));
  }

  private static Search query(RestRequest request) {
    SpaceId library = LibraryIds.of(request);
    String query = request.parameter("query");
    if (query == null || query.isBlank() || query.length() > MAX_QUERY) {
      throw RestException.invalid(
          "query", "is missing, blank or too long (expected: 1 to " + MAX_QUERY + " characters).");
    }
    int k = (int) request.number("k", 1, Search.MAX_K, 10);
    return Search.about(library, query, mode(request)).withK(k).withMaxDistance(distance(request));
  }

  private static Mode mode(RestRequest request) {
    String name = request.parameter("mode");
    Mode mode = name == null ? Mode.AUTOMATIC : SearchReader.mode(name);
    if (mode == null) {
      throw RestException.invalid("mode", SearchReader.MODES);
    }
    return mode;
  }

  private static float distance(RestRequest request) {
    String text = request.parameter("distance_threshold");
    if (text == null) {
      return Search.MAX_DISTANCE;
    }
    try {
      float distance = Float.parseFloat(text);
      if (distance >= 0 && distance <= Search.MAX_DISTANCE) {
        return distance;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw RestException.invalid("distance_threshold", "is no number from 0 to 2.");
  }

  private static RestAnswer lines(SearchAnswer answer) {
    return RestAnswer.stream(
        RestAnswer.NDJSON,
        out -> {
          int rank = 0;
          for (SearchHit hit : answer.hits()) {
            int place = ++rank;
            out.write(JsonText.line(json -> SearchJson.line(json, hit, place)));
          }
          int total = rank;
          out.write(
              JsonText.line(json -> {
                json.writeStartObject();
                json.writeStringField("status", "complete");
                json.writeNumberField("total_results", total);
                json.writeEndObject();
              }));
        });
  }
}

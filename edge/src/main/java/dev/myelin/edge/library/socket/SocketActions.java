package dev.myelin.edge.library.socket;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.LibraryJson;
import dev.myelin.edge.library.SearchJson;
import dev.myelin.edge.library.SearchReader;
import dev.myelin.edge.library.feed.EventFilter;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.Passage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.library.search.SearchHit;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a socket can be asked for in one library. Blocks.
final class SocketActions {
  private static final int MAX_ID = 128;
  private static final int FIRST_PAGE = 1;

  private final LibraryService libraries;
  private final DocumentReader reader;
  private final Principal principal;
  private final SpaceId library;

  SocketActions(
      LibraryService libraries, DocumentReader reader, Principal principal, SpaceId library) {
    this.libraries = libraries;
    this.reader = reader;
    this.principal = principal;
    this.library = library;
  }

  /// What an action comes to: data for the client, and for `subscribe` what to hear from now on.
  record Result(JsonText.Body data, @Nullable Wish wish) {}

  /// What a client wants to hear.
  ///
  /// @param since where to begin, null for here and now
  record Wish(EventFilter filter, @Nullable Long since) {}

  /// @throws ServiceException or [dev.myelin.edge.rest.json.JsonFailure], told to the client
  Result run(String action, JsonObject data, Cause cause) {
    return switch (action) {
      case "search" -> search(data);
      case "add" -> {
        var _ = principal.require(Scope.WRITE, library);
        yield add(data, cause);
      }
      case "delete" -> {
        var _ = principal.require(Scope.WRITE, library);
        yield delete(data, cause);
      }
      case "get" -> get(data);
      case "subscribe" -> subscribe(data);
      default -> throw refused("Unknown action: " + action);
    };
  }

  private static ServiceException refused(String text) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, text);
  }

  private Result search(JsonObject data) {
    if (!data.has("query_text") && !data.has("query") && !data.has("embedding")) {
      throw refused("query_text is required");
    }
    Search search = SearchReader.ofSocket(library, data);
    SearchAnswer answer = libraries.search(search);
    return result(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("results");
      for (SearchHit hit : answer.hits()) {
        SearchJson.flat(json, hit);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static Result result(JsonText.Body data) {
    return new Result(data, null);
  }

  private Result add(JsonObject data, Cause cause) {
    if (!data.has("text") && !data.has("texts")) {
      throw refused("text is required");
    }
    NewDocument document = reader.document(data);
    DocumentInfo made = libraries.add(library, document.withMeta(lifted(document.meta())), cause);
    return result(json -> {
      json.writeStartObject();
      json.writeObjectFieldStart("document");
      json.writeStringField("id", made.id());
      json.writeStringField("title", made.meta().title());
      json.writeNumberField("num_chunks", made.passageCount());
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  /// Clients of the first protocol say in `metadata` what has a place of its own.
  private static DocumentMeta lifted(DocumentMeta meta) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    meta.metadata().forEach((name, value) -> rest.put(name, value));
    String author = meta.author() == null ? text(rest.remove("author")) : meta.author();
    String url = meta.sourceUrl() == null ? text(rest.remove("source_url")) : meta.sourceUrl();
    String type = text(rest.remove("document_type"));
    List<String> tags = meta.tags();
    if (tags.isEmpty()
        && rest.get("tags") instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      tags = list.stream().map(String.class::cast).toList();
      rest.remove("tags");
    }
    boolean usual = meta.documentType().equals(DocumentMeta.DEFAULT_TYPE);
    String documentType = usual && type != null ? type : meta.documentType();
    return new DocumentMeta(meta.title(), author, documentType, url, tags, Map.of())
        .withMetadata(rest);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  private static String documentId(JsonObject data) {
    String id = data.textOrNull("document_id", 1, MAX_ID);
    if (id == null) {
      throw refused("document_id is required");
    }
    return id;
  }

  private Result delete(JsonObject data, Cause cause) {
    libraries.delete(library, documentId(data), null, cause);
    return result(json -> {
      json.writeStartObject();
      json.writeStringField("message", "Document deleted");
      json.writeBooleanField("deleted", true);
      json.writeEndObject();
    });
  }

  private Result get(JsonObject data) {
    DocumentInfo document =
        libraries
            .document(library, documentId(data), false)
            .orElseThrow(
                () -> new ServiceException(ErrorCode.DOCUMENT_NOT_FOUND, "Document not found"));
    return result(json -> {
      json.writeStartObject();
      json.writeFieldName("document");
      document(json, document);
      json.writeEndObject();
    });
  }

  private static void document(JsonGenerator json, DocumentInfo document) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", document.id());
    json.writeStringField("title", document.meta().title());
    json.writeStringField("text", LibraryJson.textOf(document.passages()));
    json.writeFieldName("metadata");
    LibraryJson.metadata(json, document);
    json.writeNumberField("num_chunks", document.passageCount());
    json.writeArrayFieldStart("chunks");
    for (Passage passage : document.passages()) {
      LibraryJson.chunk(json, passage, document.id());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private Result subscribe(JsonObject data) {
    EventFilter filter = EventFilter.of(data.texts("events", 64, 1, 64), data.path("events"));
    Long since = data.has("since") ? data.integer("since", 0, Long.MAX_VALUE, 0) : null;
    if (since != null) {
      // Says now, and not later, that what is wanted is no longer kept.
      var _ = libraries.feed().read(library, since, FIRST_PAGE, filter.types());
    }
    long end = libraries.feed().end(library);
    return new Result(
        json -> {
          json.writeStartObject();
          json.writeStringField(
              "message",
              since == null && filter.types().equals(Set.of())
                  ? "Already subscribed to library events"
                  : "Subscribed to library events");
          json.writeNumberField("offset", since == null ? end : since);
          json.writeEndObject();
        },
        new Wish(filter, since));
  }
}

package dev.myelin.edge.library;

import dev.myelin.edge.rest.Conditional;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.Passage;
import dev.myelin.library.event.Cause;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;

/// Documents one by one, by library and id or by id alone.
public final class DocumentRoutes {
  private static final String IN_LIBRARY = "/v1/libraries/{library_id}/documents";
  private static final String ONE = IN_LIBRARY + "/{document_id}";
  private static final String ANYWHERE = "/v1/documents/{document_id}";

  private final LibraryService libraries;
  private final DocumentReader reader;

  public DocumentRoutes(LibraryService libraries, DocumentReader reader) {
    this.libraries = libraries;
    this.reader = reader;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", IN_LIBRARY, request -> add(request, reader.document(request.json()))),
        Route.of("GET", IN_LIBRARY, this::list),
        Route.of(
            "POST",
            IN_LIBRARY + "/with-embeddings",
            request -> add(request, reader.withEmbeddings(request.json()))),
        Route.of("GET", ONE, request -> get(request, LibraryIds.of(request))),
        Route.of("PATCH", ONE, this::update),
        Route.of("DELETE", ONE, request -> delete(request, LibraryIds.of(request))),
        Route.of("GET", ANYWHERE, request -> get(request, libraryOf(request, Scope.READ))),
        Route.of("DELETE", ANYWHERE, request -> delete(request, libraryOf(request, Scope.WRITE))));
  }

  private static RestAnswer answer(int status, DocumentInfo document) {
    return RestAnswer.json(status, json -> LibraryJson.document(json, document))
        .withHeader("etag", Conditional.tag(document.version()));
  }

  private RestAnswer add(RestRequest request, NewDocument document) {
    SpaceId library = LibraryIds.of(request);
    boolean embeddings = request.flag("include_embeddings");
    MadeOnce once = new MadeOnce(libraries, request, library);
    DocumentInfo made = added(once, once.named(document, 0));
    return answer(201, embeddings ? made : withoutEmbeddings(made))
        .withHeader("location", "/v1/libraries/" + library.name() + "/documents/" + made.id());
  }

  private DocumentInfo added(MadeOnce once, NewDocument document) {
    try {
      return libraries.add(once.library(), document, Cause.NONE);
    } catch (ServiceException e) {
      return once.there(document, 0, e).orElseThrow(() -> e);
    }
  }

  private static DocumentInfo withoutEmbeddings(DocumentInfo document) {
    List<Passage> bare =
        document.passages().stream()
            .map(passage ->
                new Passage(
                    passage.id(),
                    passage.index(),
                    passage.text(),
                    passage.start(),
                    null,
                    passage.createdAt()))
            .toList();
    return new DocumentInfo(
        document.id(),
        document.library(),
        document.meta(),
        bare,
        document.passageCount(),
        document.createdAt(),
        document.updatedAt(),
        document.version());
  }

  private RestAnswer list(RestRequest request) {
    SpaceId library = LibraryIds.of(request);
    int limit = Pages.limit(request);
    return Pages.answer(
        "/v1/libraries/" + library.name() + "/documents",
        limit,
        libraries.documents(library, limit, request.parameter("cursor")),
        LibraryJson::document);
  }

  private SpaceId libraryOf(RestRequest request, Scope scope) {
    String id = request.value("document_id");
    return LibraryIds.ofDocument(libraries, request.principal(), scope, id)
        .orElseThrow(() -> LibraryIds.noDocument(id));
  }

  private DocumentInfo present(RestRequest request, SpaceId library, boolean embeddings) {
    String id = request.value("document_id");
    return libraries
        .document(library, id, embeddings)
        .orElseThrow(() -> {
          var _ = LibraryIds.info(libraries, library); // says so if the library is not there either
          return LibraryIds.noDocument(id);
        });
  }

  private RestAnswer get(RestRequest request, SpaceId library) {
    boolean embeddings = request.flag("include_embeddings");
    return answer(200, present(request, library, embeddings));
  }

  private RestAnswer update(RestRequest request) {
    SpaceId library = LibraryIds.of(request);
    boolean conditional = Conditional.isWanted(request);
    Long version =
        conditional
            ? Conditional.required(request, present(request, library, false).version())
            : null;
    DocumentInfo changed =
        libraries.update(
            library,
            request.value("document_id"),
            reader.patch(request.json(), version),
            Cause.NONE);
    return answer(200, withoutEmbeddings(changed));
  }

  private RestAnswer delete(RestRequest request, SpaceId library) {
    boolean conditional = Conditional.isWanted(request);
    Long version =
        conditional
            ? Conditional.required(request, present(request, library, false).version())
            : null;
    libraries.delete(library, request.value("document_id"), version, Cause.NONE);
    return RestAnswer.noContent();
  }
}

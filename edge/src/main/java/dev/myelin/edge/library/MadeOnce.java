package dev.myelin.edge.library;

import dev.myelin.edge.rest.RestRequest;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Optional;

/// Documents without an id of their own, in a request with an `Idempotency-Key`: they get one from
/// the request, so that the request finds them when it is sent again to a server that was killed
/// before it could keep its answer.
record MadeOnce(LibraryService libraries, RestRequest request, SpaceId library) {

  /// The document with the id that it has each time.
  ///
  /// @param number of the document in the request
  NewDocument named(NewDocument document, int number) {
    String id = document.id() == null ? request.idOf(number) : null;
    return id == null ? document : document.withId(id);
  }

  /// What became of a document; if it was there already because of this request, that.
  DocumentResult result(NewDocument named, int number, DocumentResult result) {
    ServiceException failure = result.failure();
    return failure == null
        ? result
        : there(named, number, failure).map(DocumentResult::of).orElse(result);
  }

  /// The document, if it was refused only because this request has made it before.
  Optional<DocumentInfo> there(NewDocument named, int number, ServiceException failure) {
    String id = request.idOf(number);
    return failure.code() == ErrorCode.CONFLICT && id != null && id.equals(named.id())
        ? libraries.document(library, id, true)
        : Optional.empty();
  }
}

package dev.myelin.edge.library;

import dev.myelin.edge.rest.RestRequest;
import dev.myelin.library.LibraryService;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.Optional;

/// Libraries as paths name them.
public final class LibraryIds {
  private LibraryIds() {}

  /// The library of a path; there may be none of that name.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND if none can have that name
  public static SpaceId of(RestRequest request) {
    return of(request.tenant(), request.value("library_id"));
  }

  public static SpaceId of(String tenant, String name) {
    try {
      return new SpaceId(tenant, name);
    } catch (ServiceException _) {
      throw notFound(name);
    }
  }

  /// What is known of the library of a path.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND
  static LibraryInfo info(LibraryService libraries, RestRequest request) {
    return info(libraries, of(request));
  }

  public static LibraryInfo info(LibraryService libraries, SpaceId id) {
    return libraries.find(id).orElseThrow(() -> notFound(id.name()));
  }

  /// The library of a document, empty if there is none, or none that the principal may read.
  ///
  /// @throws ServiceException PERMISSION_DENIED if it may read there, but not do what is wanted
  static Optional<SpaceId> ofDocument(
      LibraryService libraries, Principal principal, Scope wanted, String document) {
    return libraries
        .libraryOf(principal.tenant(), document)
        .filter(library -> principal.may(Scope.READ, library))
        .map(library -> principal.require(wanted, library));
  }

  static ServiceException notFound(String name) {
    return new ServiceException(
        ErrorCode.LIBRARY_NOT_FOUND,
        "There is no library "
            + Excerpt.of(name)
            + ". GET /v1/libraries lists those there are; POST /v1/libraries makes one.");
  }

  static ServiceException noDocument(String id) {
    return new ServiceException(
        ErrorCode.DOCUMENT_NOT_FOUND, "There is no document " + Excerpt.of(id) + " here.");
  }
}

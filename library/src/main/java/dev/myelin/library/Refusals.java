package dev.myelin.library;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import org.jspecify.annotations.Nullable;

/// What a request is refused with: which field, what was expected, what to do.
final class Refusals {
  private Refusals() {}

  static ServiceException document(String path, String problem, String advice) {
    return invalid(ErrorCode.INVALID_DOCUMENT, "document", path, problem, advice);
  }

  static ServiceException library(String path, String problem, String advice) {
    return invalid(ErrorCode.INVALID_LIBRARY, "library", path, problem, advice);
  }

  static ServiceException search(String path, String problem, String advice) {
    return invalid(ErrorCode.INVALID_SEARCH, "search", path, problem, advice);
  }

  private static ServiceException invalid(
      ErrorCode code, String what, String path, String problem, String advice) {
    return ServiceException.invalid(
        code, path, "Invalid " + what + ": " + path + " " + problem + ". " + advice);
  }

  static ServiceException unknownDocument(SpaceId library, String documentId) {
    return new ServiceException(
        ErrorCode.DOCUMENT_NOT_FOUND,
        "Document "
            + Excerpt.of(documentId)
            + " does not exist in library "
            + library
            + ". Add it first, or list the documents there are.");
  }

  static void requireVersion(String what, long actual, @Nullable Long wanted) {
    if (wanted != null && wanted != actual) {
      throw new ServiceException(
          ErrorCode.PRECONDITION_FAILED,
          what
              + " has version "
              + actual
              + " (expected: "
              + wanted
              + "). Read it again, and decide anew.");
    }
  }
}

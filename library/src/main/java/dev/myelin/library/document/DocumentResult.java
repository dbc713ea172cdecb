package dev.myelin.library.document;

import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// What became of one document of several: exactly one of the two is there.
public record DocumentResult(@Nullable DocumentInfo document, @Nullable ServiceException failure) {

  public static DocumentResult of(DocumentInfo document) {
    return new DocumentResult(document, null);
  }

  public static DocumentResult failed(ServiceException failure) {
    return new DocumentResult(null, failure);
  }

  /// The document.
  ///
  /// @throws ServiceException what refused it
  public DocumentInfo orThrow() {
    if (document != null) {
      return document;
    }
    throw failure == null ? new IllegalStateException("result: neither") : failure;
  }
}

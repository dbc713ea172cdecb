package dev.myelin.library;

import dev.myelin.journal.Journal;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.feed.Cause;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Libraries and their documents.
///
/// Every change is one atomic write together with its event: durable and visible when the method
/// returns. All methods block: call them on virtual threads.
///
/// **Errors.** Besides those each method names: OVERLOADED, SHUTTING_DOWN, STORAGE_UNAVAILABLE, and
/// what the model says while it cannot answer; nothing was written then.
@SuppressWarnings("DoNotCallSuggester")
public final class LibraryService implements AutoCloseable {

  private LibraryService() {}

  /// Opens the libraries of a journal and its engine.
  ///
  /// @param embedder makes embeddings of passages; null for none
  public static LibraryService open(
      LibraryConfig config,
      Journal journal,
      MemoryEngine memories,
      @Nullable Embedder embedder,
      InstantSource clock,
      MeterRegistry meters) {
    throw new UnsupportedOperationException();
  }

  /// Creates a library.
  ///
  /// @throws dev.myelin.model.ServiceException INVALID_LIBRARY, CONFLICT if the id is taken
  public LibraryInfo create(String tenant, NewLibrary library, Cause cause) {
    throw new UnsupportedOperationException();
  }

  public Optional<LibraryInfo> find(SpaceId library) {
    throw new UnsupportedOperationException();
  }

  /// The libraries of a tenant, in order of id.
  ///
  /// @param cursor where to go on, null for the beginning
  public Page<LibraryInfo> list(String tenant, int limit, @Nullable String cursor) {
    throw new UnsupportedOperationException();
  }

  /// Changes a library's own fields.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_LIBRARY,
  ///   PRECONDITION_FAILED if it has another version
  public LibraryInfo update(SpaceId library, LibraryPatch patch, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Deletes a library with everything in it.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public void delete(SpaceId library, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Adds a document.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_DOCUMENT, CONFLICT if the
  ///   id is taken, DIMENSION_MISMATCH
  public DocumentInfo add(SpaceId library, NewDocument document, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Adds several documents, each by itself.
  ///
  /// @return what became of each, in order of the input
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND; INVALID_DOCUMENT if there are
  ///   none or too many
  public List<DocumentResult> addAll(SpaceId library, List<NewDocument> documents, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Changes a document.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND,
  ///   INVALID_DOCUMENT, DIMENSION_MISMATCH, PRECONDITION_FAILED if it has another version
  public DocumentInfo update(SpaceId library, String documentId, DocumentPatch patch, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Deletes a document.
  ///
  /// @param ifVersion deletes only the document of this version; null for any
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND,
  ///   PRECONDITION_FAILED if it has another version
  public void delete(SpaceId library, String documentId, @Nullable Long ifVersion, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// One document with its passages.
  ///
  /// @param embeddings whether passages come with theirs
  public Optional<DocumentInfo> document(SpaceId library, String documentId, boolean embeddings) {
    throw new UnsupportedOperationException();
  }

  /// The library that has a document of that id; the first one if several have.
  public Optional<SpaceId> libraryOf(String tenant, String documentId) {
    throw new UnsupportedOperationException();
  }

  /// The documents of a library without their passages, in order of id.
  ///
  /// @param cursor where to go on, null for the beginning
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public Page<DocumentInfo> documents(SpaceId library, int limit, @Nullable String cursor) {
    throw new UnsupportedOperationException();
  }

  /// Answers a question.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_SEARCH,
  ///   DIMENSION_MISMATCH
  public SearchAnswer search(Search search) {
    throw new UnsupportedOperationException();
  }

  /// Figures of a library.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public LibraryStatistics statistics(SpaceId library) {
    throw new UnsupportedOperationException();
  }

  /// Builds the index anew from the journal, while serving.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public void rebuildIndex(SpaceId library, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// Indexes what is fresh and merges the index into fewer parts, while serving.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public void optimizeIndex(SpaceId library, Cause cause) {
    throw new UnsupportedOperationException();
  }

  /// What changed, and what changes.
  public ChangeFeed feed() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}

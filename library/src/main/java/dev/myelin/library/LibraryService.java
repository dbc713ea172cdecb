package dev.myelin.library;

import dev.myelin.journal.Journal;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.model.LibraryStatistics;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.model.Page;
import dev.myelin.library.search.LibrarySearch;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.live.broker.Broker;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Libraries and their documents.
///
/// Every change is one atomic write together with its event: durable and visible when the method
/// returns. All methods block: call them on virtual threads.
///
/// **Errors.** Besides those each method names: OVERLOADED, SHUTTING_DOWN, STORAGE_UNAVAILABLE, and
/// what the model says while it cannot answer; nothing was written then.
public final class LibraryService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LibraryService.class);
  private static final int MAX_PAGE = 1_000;

  private final ChangeFeed feed;
  private final Libraries libraries;
  private final Preparation preparation;
  private final DocumentStore store;
  private final Documents documents;
  private final DocumentBatches batches;
  private final Searches searches;
  private final Indexes indexes;
  private final Bulk bulk;
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("library-upkeep").daemon().factory());

  private LibraryService(
      LibraryConfig config,
      Journal journal,
      MemoryEngine memories,
      Broker broker,
      @Nullable Embedder embedder,
      InstantSource clock,
      MeterRegistry meters) {
    feed = ChangeFeed.open(config.feed(), journal, memories, broker, clock);
    libraries = new Libraries(journal, memories, feed.writer());
    Meanings meanings = new Meanings(embedder, config.maxConcurrentEmbeddings());
    preparation = new Preparation(journal, config, meanings);
    store = new DocumentStore(journal, memories);
    documents = new Documents(memories, store, feed.writer(), preparation, clock);
    batches = new DocumentBatches(config, documents, preparation, feed);
    searches = new Searches(new LibrarySearch(memories), preparation, meanings);
    indexes = new Indexes(memories, libraries, feed);
    bulk = new Bulk(documents, store, preparation);
    FunctionCounter.builder("myelin.library.events", feed, counted -> counted.stats().published())
        .description("Events of libraries that were committed")
        .register(meters);
    long millis = config.feed().trimInterval().toMillis();
    var _ = upkeep.scheduleWithFixedDelay(this::trim, millis, millis, TimeUnit.MILLISECONDS);
  }

  /// What is not let go of now is next time.
  private void trim() {
    try {
      feed.trim();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("Old changes could not be let go of");
    }
  }

  private static int limit(int wanted) {
    return Math.clamp(wanted, 1, MAX_PAGE);
  }

  /// Opens the libraries of a journal and its engine.
  ///
  /// @param broker carries what changes to those who listen; not closed with the libraries
  /// @param embedder makes embeddings of passages; null for none
  public static LibraryService open(
      LibraryConfig config,
      Journal journal,
      MemoryEngine memories,
      Broker broker,
      @Nullable Embedder embedder,
      InstantSource clock,
      MeterRegistry meters) {
    return new LibraryService(config, journal, memories, broker, embedder, clock, meters);
  }

  /// Creates a library.
  ///
  /// @throws dev.myelin.model.ServiceException INVALID_LIBRARY, CONFLICT if the id is taken
  public LibraryInfo create(String tenant, NewLibrary library, Cause cause) {
    return libraries.create(tenant, library, cause);
  }

  public Optional<LibraryInfo> find(SpaceId library) {
    return libraries.find(library);
  }

  /// The libraries of a tenant, in order of id.
  ///
  /// @param cursor where to go on, null for the beginning
  public Page<LibraryInfo> list(String tenant, int limit, @Nullable String cursor) {
    return libraries.list(tenant, limit(limit), cursor);
  }

  /// Changes a library's own fields.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_LIBRARY,
  ///   PRECONDITION_FAILED if it has another version
  public LibraryInfo update(SpaceId library, LibraryPatch patch, Cause cause) {
    return libraries.update(library, patch, cause);
  }

  /// Deletes a library with everything in it.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public void delete(SpaceId library, Cause cause) {
    libraries.delete(library, cause);
  }

  /// Adds a document.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_DOCUMENT, CONFLICT if the
  ///   id is taken, DIMENSION_MISMATCH
  public DocumentInfo add(SpaceId library, NewDocument document, Cause cause) {
    libraries.requireThere(library);
    String given = document.id();
    String id = given == null ? UUID.randomUUID().toString() : given;
    return FeedWriter.await(
        documents.add(library, id, document, preparation.prepare(library, document), cause));
  }

  /// Adds several documents, each by itself.
  ///
  /// @return what became of each, in order of the input
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND; INVALID_DOCUMENT if there are
  ///   none or too many
  public List<DocumentResult> addAll(SpaceId library, List<NewDocument> added, Cause cause) {
    libraries.requireThere(library);
    return batches.addAll(library, added, cause);
  }

  /// Deletes several documents, each by itself.
  ///
  /// @return what each was, without passages, or why it is still there, in order of the input
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND; INVALID_DOCUMENT if there are
  ///   none or too many
  public List<DocumentResult> deleteAll(SpaceId library, List<String> documentIds, Cause cause) {
    libraries.requireThere(library);
    return batches.deleteAll(library, documentIds, cause);
  }

  /// Changes a document.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND,
  ///   INVALID_DOCUMENT, DIMENSION_MISMATCH, PRECONDITION_FAILED if it has another version
  public DocumentInfo update(SpaceId library, String documentId, DocumentPatch patch, Cause cause) {
    libraries.requireThere(library);
    return documents.update(library, documentId, patch, cause);
  }

  /// Deletes a document.
  ///
  /// @param ifVersion deletes only the document of this version; null for any
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND,
  ///   PRECONDITION_FAILED if it has another version
  public void delete(SpaceId library, String documentId, @Nullable Long ifVersion, Cause cause) {
    libraries.requireThere(library);
    var _ = FeedWriter.await(documents.delete(library, documentId, ifVersion, cause));
  }

  /// One document with its passages.
  ///
  /// @param embeddings whether passages come with theirs
  public Optional<DocumentInfo> document(SpaceId library, String documentId, boolean embeddings) {
    return store.find(library, documentId, embeddings);
  }

  /// The library that has a document of that id; the first one if several have.
  public Optional<SpaceId> libraryOf(String tenant, String documentId) {
    return store.home(tenant, documentId);
  }

  /// The documents of a library without their passages, in order of id.
  ///
  /// @param cursor where to go on, null for the beginning
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public Page<DocumentInfo> documents(SpaceId library, int limit, @Nullable String cursor) {
    libraries.requireThere(library);
    return store.list(library, limit(limit), cursor);
  }

  /// Answers a question.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, INVALID_SEARCH,
  ///   DIMENSION_MISMATCH
  public SearchAnswer search(Search search) {
    libraries.requireThere(search.library());
    return searches.answer(search);
  }

  /// Figures of a library.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public LibraryStatistics statistics(SpaceId library) {
    libraries.requireThere(library);
    return indexes.statistics(library);
  }

  /// What can be done with indexes.
  public Indexes indexes() {
    return indexes;
  }

  /// Changes of many documents in one write with somebody's own rows.
  public Bulk bulk() {
    return bulk;
  }

  /// What changed, and what changes.
  public ChangeFeed feed() {
    return feed;
  }

  /// Ends the feed; the journal and the engine stay open.
  @Override
  public void close() {
    upkeep.shutdownNow();
    feed.close();
  }
}

package dev.myelin.library;

import dev.myelin.library.DocumentDraft.Age;
import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.document.Passage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.feed.FeedBatch;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.library.store.DocumentRow;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Documents: committed, changed, deleted, each in one write with its event. Blocks; any thread.
///
/// **Order.** The records of passages, those that go before those that come, stand right before the
/// record of the event: [ChunkEvents] counts on it.
final class Documents {
  /// How often an update is made anew when somebody else changes the document meanwhile.
  private static final int MAX_TRIES = 10;

  private final MemoryEngine memories;
  private final DocumentStore store;
  private final FeedWriter writer;
  private final Preparation preparation;
  private final InstantSource clock;

  Documents(
      MemoryEngine memories,
      DocumentStore store,
      FeedWriter writer,
      Preparation preparation,
      InstantSource clock) {
    this.memories = memories;
    this.store = store;
    this.writer = writer;
    this.preparation = preparation;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// A document that is new, ready to be added.
  ///
  /// @param id its id
  /// @param placed its passages
  DocumentDraft draft(String id, NewDocument document, List<Placed> placed) {
    Instant now = now();
    return DocumentDraft.of(memories, id, document.meta(), new Age(now, now, 1), placed);
  }

  /// Queues a prepared document.
  CompletableFuture<DocumentInfo> add(
      SpaceId library, String id, NewDocument document, List<Placed> placed, Cause cause) {
    DocumentDraft draft = draft(id, document, placed);
    return writer.submit(
        library,
        draft.bytes(),
        batch -> {
          batch.requireLibrary();
          if (isTaken(batch, id)) {
            throw taken(library, id);
          }
          add(batch, draft);
          return draft.info(library);
        },
        cause);
  }

  static boolean isTaken(FeedBatch batch, String id) {
    return batch.tables().get(LibraryTables.DOCUMENTS, LibraryTables.documentKey(batch.key(), id))
        != null;
  }

  /// Commits a document whose id is free.
  static void add(FeedBatch batch, DocumentDraft draft) {
    remember(batch, draft);
    byte[] home = LibraryTables.homeKey(batch.library(), draft.id());
    batch.tables().put(LibraryTables.HOMES, home, new byte[0]);
    batch.count(1, draft.passages());
    batch.event(EventType.DOCUMENT_ADDED, told(draft.id(), draft.row()));
  }

  private static ServiceException taken(SpaceId library, String id) {
    return new ServiceException(
        ErrorCode.CONFLICT,
        "Document "
            + id
            + " exists already in library "
            + library
            + ". Update it, or choose another id.");
  }

  private static void remember(FeedBatch batch, DocumentDraft draft) {
    draft.drafts().forEach(batch.space()::remember);
    byte[] key = LibraryTables.documentKey(batch.key(), draft.id());
    batch.tables().put(LibraryTables.DOCUMENTS, key, draft.encodedRow());
  }

  /// Returns how many passages went: one that was forgotten by itself is not there any more.
  private static int forget(FeedBatch batch, DocumentRow row) {
    int gone = 0;
    for (String passage : row.passages()) {
      gone += batch.space().forget(new MemoryId(passage)) ? 1 : 0;
    }
    return gone;
  }

  private static Map<String, @Nullable Object> told(String id, DocumentRow row) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("document_id", id);
    data.put("title", row.meta().title());
    data.put(ChunkEvents.PASSAGES, row.passages().size());
    return data;
  }

  private static Map<String, @Nullable Object> told(String id, DocumentRow row, int gone) {
    Map<String, @Nullable Object> data = told(id, row);
    data.put(ChunkEvents.GONE, gone);
    return data;
  }

  DocumentInfo update(SpaceId library, String id, DocumentPatch patch, Cause cause) {
    for (int tries = 1; ; tries++) {
      DocumentInfo before =
          store.find(library, id, true).orElseThrow(() -> Refusals.unknownDocument(library, id));
      Refusals.requireVersion("Document " + id, before.version(), patch.ifVersion());
      try {
        return FeedWriter.await(replace(library, before, patch, cause));
      } catch (ServiceException e) {
        boolean overtaken = e.code() == ErrorCode.PRECONDITION_FAILED;
        if (!overtaken || patch.ifVersion() != null || tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  private CompletableFuture<DocumentInfo> replace(
      SpaceId library, DocumentInfo before, DocumentPatch patch, Cause cause) {
    DocumentMeta meta = patch.applied(before.meta());
    boolean sameContent = patch.text() == null && patch.passages() == null;
    List<Placed> placed =
        sameContent
            ? before.passages().stream().map(Documents::again).toList()
            : preparation.prepare(
                library,
                new NewDocument(
                    null,
                    meta,
                    patch.text(),
                    Objects.requireNonNullElse(patch.passages(), List.of()),
                    false));
    DocumentRules.check(meta);
    DocumentDraft draft = successor(before, meta, placed);
    return writer.submit(
        library,
        draft.bytes(),
        batch -> {
          batch.requireLibrary();
          replace(batch, draft);
          return draft.info(library);
        },
        cause);
  }

  /// The next version of a document.
  DocumentDraft successor(DocumentInfo before, DocumentMeta meta, List<Placed> placed) {
    Age age = new Age(before.createdAt(), now(), before.version() + 1);
    return DocumentDraft.of(memories, before.id(), meta, age, placed);
  }

  /// Commits the next version of a document.
  ///
  /// @throws ServiceException DOCUMENT_NOT_FOUND, PRECONDITION_FAILED if it is another version's
  static void replace(FeedBatch batch, DocumentDraft draft) {
    byte[] key = LibraryTables.documentKey(batch.key(), draft.id());
    DocumentRow old = required(batch, key, draft.id(), draft.row().version() - 1);
    int gone = forget(batch, old);
    remember(batch, draft);
    batch.count(0, (long) draft.passages() - old.passages().size());
    batch.event(EventType.DOCUMENT_UPDATED, told(draft.id(), draft.row(), gone));
  }

  private static Placed again(Passage passage) {
    return new Placed(new NewPassage(passage.text(), passage.embedding()), passage.start());
  }

  private static DocumentRow required(
      FeedBatch batch, byte[] key, String id, @Nullable Long version) {
    byte[] bytes = batch.tables().get(LibraryTables.DOCUMENTS, key);
    if (bytes == null) {
      throw Refusals.unknownDocument(batch.library(), id);
    }
    DocumentRow row = DocumentRow.decode(bytes);
    Refusals.requireVersion("Document " + id, row.version(), version);
    return row;
  }

  /// Queues the end of a document.
  ///
  /// @return what it was, without its passages
  CompletableFuture<DocumentInfo> delete(
      SpaceId library, String id, @Nullable Long ifVersion, Cause cause) {
    DocumentRow seen = store.row(library, id);
    if (seen == null) {
      throw Refusals.unknownDocument(library, id);
    }
    return writer.submit(
        library,
        1_024 + 128 * seen.passages().size(),
        batch -> {
          batch.requireLibrary();
          return delete(batch, id, ifVersion).info(library, id, List.of());
        },
        cause);
  }

  /// Commits the end of a document and tells what it was.
  ///
  /// @throws ServiceException DOCUMENT_NOT_FOUND, PRECONDITION_FAILED if it has another version
  static DocumentRow delete(FeedBatch batch, String id, @Nullable Long ifVersion) {
    byte[] key = LibraryTables.documentKey(batch.key(), id);
    DocumentRow row = required(batch, key, id, ifVersion);
    int gone = forget(batch, row);
    batch.tables().delete(LibraryTables.DOCUMENTS, key);
    batch.tables().delete(LibraryTables.HOMES, LibraryTables.homeKey(batch.library(), id));
    batch.count(-1, -row.passages().size());
    batch.event(EventType.DOCUMENT_DELETED, told(id, row, gone));
    return row;
  }
}

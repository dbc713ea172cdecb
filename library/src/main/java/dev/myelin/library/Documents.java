package dev.myelin.library;

import dev.myelin.library.DocumentDraft.Age;
import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.document.Passage;
import dev.myelin.library.feed.Cause;
import dev.myelin.library.feed.EventType;
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

  /// Queues a prepared document.
  ///
  /// @param id its id
  /// @param placed its passages
  CompletableFuture<DocumentInfo> add(
      SpaceId library, String id, NewDocument document, List<Placed> placed, Cause cause) {
    Instant now = now();
    DocumentMeta meta = document.meta();
    DocumentDraft draft = DocumentDraft.of(memories, id, meta, new Age(now, now, 1), placed);
    byte[] row = draft.row().encode();
    return writer.submit(
        library,
        draft.bytes() + row.length,
        batch -> {
          batch.requireLibrary();
          byte[] key = LibraryTables.documentKey(batch.key(), id);
          if (batch.tables().get(LibraryTables.DOCUMENTS, key) != null) {
            throw taken(library, id);
          }
          remember(batch, draft, key, row);
          batch.tables().put(LibraryTables.HOMES, LibraryTables.homeKey(library, id), new byte[0]);
          batch.count(1, placed.size());
          batch.event(EventType.DOCUMENT_ADDED, told(id, draft.row()));
          return draft.info(library, id);
        },
        cause);
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

  private static void remember(FeedBatch batch, DocumentDraft draft, byte[] key, byte[] row) {
    draft.drafts().forEach(batch.space()::remember);
    batch.tables().put(LibraryTables.DOCUMENTS, key, row);
  }

  private static Map<String, @Nullable Object> told(String id, DocumentRow row) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("document_id", id);
    data.put("title", row.meta().title());
    data.put("num_chunks", row.passages().size());
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
    Age age = new Age(before.createdAt(), now(), before.version() + 1);
    String id = before.id();
    DocumentDraft draft = DocumentDraft.of(memories, id, meta, age, placed);
    byte[] row = draft.row().encode();
    return writer.submit(
        library,
        draft.bytes() + row.length,
        batch -> {
          batch.requireLibrary();
          byte[] key = LibraryTables.documentKey(batch.key(), id);
          DocumentRow old = required(batch, key, id, before.version());
          old.passages().forEach(passage -> batch.space().forget(new MemoryId(passage)));
          remember(batch, draft, key, row);
          batch.count(0, (long) placed.size() - old.passages().size());
          batch.event(EventType.DOCUMENT_UPDATED, told(id, draft.row()));
          return draft.info(library, id);
        },
        cause);
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
          byte[] key = LibraryTables.documentKey(batch.key(), id);
          DocumentRow row = required(batch, key, id, ifVersion);
          row.passages().forEach(passage -> batch.space().forget(new MemoryId(passage)));
          batch.tables().delete(LibraryTables.DOCUMENTS, key);
          batch.tables().delete(LibraryTables.HOMES, LibraryTables.homeKey(library, id));
          batch.count(-1, -row.passages().size());
          batch.event(EventType.DOCUMENT_DELETED, told(id, row));
          return row.info(library, id, List.of());
        },
        cause);
  }
}

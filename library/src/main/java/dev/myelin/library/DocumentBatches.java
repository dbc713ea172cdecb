package dev.myelin.library;

import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedWriter;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Many documents in one call: each succeeds or fails by itself and is told of once. Blocks; any
/// thread.
final class DocumentBatches {
  /// How many documents are embedded together, and may wait for the disk.
  private static final int SLICE = 64;

  private static final int MAX_RETRIES = 100;
  private static final long RETRY_MILLIS = 100;

  private final LibraryConfig config;
  private final Documents documents;
  private final Preparation preparation;
  private final ChangeFeed feed;

  DocumentBatches(
      LibraryConfig config, Documents documents, Preparation preparation, ChangeFeed feed) {
    this.config = config;
    this.documents = documents;
    this.preparation = preparation;
    this.feed = feed;
  }

  /// One document on its way.
  private static final class Item {
    private final String id;
    private final NewDocument document;
    private List<Placed> placed = List.of();
    private @Nullable ServiceException failure;

    Item(NewDocument document) {
      this.document = document;
      String given = document.id();
      id = given == null ? UUID.randomUUID().toString() : given;
    }
  }

  List<DocumentResult> addAll(SpaceId library, List<NewDocument> added, Cause cause) {
    requireSize(added.size());
    return told(
        library,
        "add",
        added.size(),
        cause,
        () -> {
          List<CompletableFuture<DocumentInfo>> writes = new ArrayList<>(added.size());
          List<DocumentResult> results = new ArrayList<>(added.size());
          for (int i = 0; i < added.size(); i += SLICE) {
            List<Item> slice =
                added.subList(i, Math.min(added.size(), i + SLICE)).stream()
                    .map(Item::new)
                    .toList();
            prepare(library, slice);
            slice.forEach(item -> writes.add(write(library, item, cause)));
            // The slice before is waited for while this one is written.
            writes.subList(results.size(), i).forEach(write -> results.add(result(write)));
          }
          writes
              .subList(results.size(), writes.size())
              .forEach(write -> results.add(result(write)));
          return results;
        });
  }

  private void requireSize(int size) {
    if (size < 1 || size > config.maxDocumentsPerBatch()) {
      throw Refusals.document(
          "documents",
          "are " + size + " (expected: 1 to " + config.maxDocumentsPerBatch() + ")",
          "Send them in several batches.");
    }
  }

  private void prepare(SpaceId library, List<Item> slice) {
    List<Placed> waiting = new ArrayList<>();
    for (Item item : slice) {
      try {
        item.placed = preparation.cut(library, item.document);
        if (!item.document.deferEmbedding()) {
          waiting.addAll(item.placed);
        }
      } catch (ServiceException e) {
        item.failure = e;
      }
    }
    embed(library, slice, waiting);
  }

  private void embed(SpaceId library, List<Item> slice, List<Placed> waiting) {
    List<Placed> embedded = waiting;
    ServiceException failure = null;
    try {
      embedded = preparation.embed(library, waiting);
    } catch (ServiceException e) {
      failure = e;
    }
    int next = 0;
    for (Item item : slice) {
      if (item.failure == null && !item.document.deferEmbedding()) {
        boolean waits =
            item.placed.stream().anyMatch(placed -> placed.passage().embedding() == null);
        item.failure = waits ? failure : null;
        int end = next + item.placed.size();
        item.placed = List.copyOf(embedded.subList(next, end));
        next = end;
      }
    }
  }

  private CompletableFuture<DocumentInfo> write(SpaceId library, Item item, Cause cause) {
    if (item.failure != null) {
      return CompletableFuture.failedFuture(item.failure);
    }
    return patiently(() -> documents.add(library, item.id, item.document, item.placed, cause));
  }

  /// Queues it, after a while if there is no room now.
  private static CompletableFuture<DocumentInfo> patiently(
      Supplier<CompletableFuture<DocumentInfo>> write) {
    for (int tries = 0; ; tries++) {
      try {
        return write.get();
      } catch (ServiceException e) {
        if (e.code() != ErrorCode.OVERLOADED || tries == MAX_RETRIES || !paused()) {
          return CompletableFuture.failedFuture(e);
        }
      }
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(RETRY_MILLIS);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static DocumentResult result(CompletableFuture<DocumentInfo> write) {
    try {
      return DocumentResult.of(FeedWriter.await(write));
    } catch (ServiceException e) {
      return DocumentResult.failed(e);
    }
  }

  List<DocumentResult> deleteAll(SpaceId library, List<String> ids, Cause cause) {
    requireSize(ids.size());
    return told(
        library,
        "delete",
        ids.size(),
        cause,
        () -> {
          List<CompletableFuture<DocumentInfo>> writes =
              ids.stream()
                  .map(id -> patiently(() -> documents.delete(library, id, null, cause)))
                  .toList();
          return writes.stream().map(DocumentBatches::result).toList();
        });
  }

  /// Does a batch between the events that tell of it.
  private List<DocumentResult> told(
      SpaceId library,
      String operation,
      int total,
      Cause cause,
      Supplier<List<DocumentResult>> work) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("batch_id", UUID.randomUUID().toString());
    data.put("operation", operation);
    data.put("total", total);
    feed.publish(library, EventType.BATCH_STARTED, new LinkedHashMap<>(data), cause);
    List<DocumentResult> results = work.get();
    long failed = results.stream().filter(result -> result.failure() != null).count();
    data.put("succeeded", total - failed);
    data.put("failed", failed);
    String type = failed == total ? EventType.BATCH_FAILED : EventType.BATCH_COMPLETED;
    feed.publish(library, type, data, cause);
    return results;
  }
}

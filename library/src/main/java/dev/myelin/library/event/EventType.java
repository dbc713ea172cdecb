package dev.myelin.library.event;

import java.util.List;
import java.util.Set;

/// The names of the events.
public final class EventType {
  public static final String LIBRARY_CREATED = "library.created";
  public static final String LIBRARY_UPDATED = "library.updated";
  public static final String LIBRARY_DELETED = "library.deleted";
  public static final String DOCUMENT_ADDED = "document.added";
  public static final String DOCUMENT_UPDATED = "document.updated";
  public static final String DOCUMENT_DELETED = "document.deleted";
  public static final String INDEX_REBUILT = "index.rebuilt";
  public static final String INDEX_OPTIMIZED = "index.optimized";
  public static final String BATCH_STARTED = "batch.started";
  public static final String BATCH_COMPLETED = "batch.completed";
  public static final String BATCH_FAILED = "batch.failed";
  public static final String JOB_CREATED = "job.created";
  public static final String JOB_STARTED = "job.started";
  public static final String JOB_PROGRESS = "job.progress";
  public static final String JOB_COMPLETED = "job.completed";
  public static final String JOB_FAILED = "job.failed";
  public static final String JOB_CANCELLED = "job.cancelled";

  /// Streamed memories: told only to those who ask for it by name.
  public static final String MEMORY_ADDED = "memory.added";

  /// Passages of documents: told only to those who ask for them by name, see [ChunkEvents].
  public static final String CHUNK_ADDED = "chunk.added";

  public static final String CHUNK_DELETED = "chunk.deleted";

  /// All names there are.
  public static final List<String> NAMES =
      List.of(
          LIBRARY_CREATED,
          LIBRARY_UPDATED,
          LIBRARY_DELETED,
          DOCUMENT_ADDED,
          DOCUMENT_UPDATED,
          DOCUMENT_DELETED,
          INDEX_REBUILT,
          INDEX_OPTIMIZED,
          BATCH_STARTED,
          BATCH_COMPLETED,
          BATCH_FAILED,
          JOB_CREATED,
          JOB_STARTED,
          JOB_PROGRESS,
          JOB_COMPLETED,
          JOB_FAILED,
          JOB_CANCELLED,
          MEMORY_ADDED,
          CHUNK_ADDED,
          CHUNK_DELETED);

  private EventType() {}

  /// Whether events of that type are told only to those who ask for them by name.
  public static boolean isOnRequest(String type) {
    return switch (type) {
      case MEMORY_ADDED, CHUNK_ADDED, CHUNK_DELETED -> true;
      default -> false;
    };
  }

  /// Whether who asks for these types wants that event; an empty set asks for all that need not be
  /// asked for by name.
  public static boolean isWanted(String type, Set<String> types) {
    return types.isEmpty() ? !isOnRequest(type) : types.contains(type);
  }
}

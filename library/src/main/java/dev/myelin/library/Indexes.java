package dev.myelin.library;

import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.LibraryStatistics;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.model.SpaceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What can be said of a library's index, and done with it. Blocks; any thread.
///
/// What is done here tells nobody: whoever has it done publishes the event, whose data each method
/// gives.
public final class Indexes {
  private final MemoryEngine memories;
  private final Libraries libraries;
  private final ChangeFeed feed;

  Indexes(MemoryEngine memories, Libraries libraries, ChangeFeed feed) {
    this.memories = memories;
    this.libraries = libraries;
    this.feed = feed;
  }

  LibraryStatistics statistics(SpaceId library) {
    LibraryInfo info = libraries.require(library);
    SpaceInfo space = memories.space(library).orElseThrow(() -> ChangeFeed.unknown(library));
    return new LibraryStatistics(
        library,
        info.indexType(),
        info.dimension(),
        info.documents(),
        space.memories(),
        space.embeddingLag(),
        space.indexLag(),
        space.lastOffset(),
        feed.oldest(library));
  }

  /// Builds an index anew from the journal, while serving.
  ///
  /// @return what there is to tell; empty if the watch had it stopped
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public Optional<Map<String, @Nullable Object>> rebuild(SpaceId library, RebuildWatch watch) {
    libraries.requireThere(library);
    if (!memories.rebuildIndex(library, watch)) {
      return Optional.empty();
    }
    LibraryInfo info = libraries.require(library);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    // The engine chooses its index, whatever was asked for.
    data.put("old_index_type", info.indexType());
    data.put("new_index_type", info.indexType());
    data.put("total_vectors_reindexed", info.passages());
    return Optional.of(data);
  }

  /// Indexes what is fresh and merges an index into fewer parts, while serving.
  ///
  /// @return what there is to tell
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND
  public Map<String, @Nullable Object> optimize(SpaceId library) {
    libraries.requireThere(library);
    long compacted = memories.optimizeIndex(library);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("index_type", libraries.require(library).indexType());
    data.put("vectors_compacted", compacted);
    data.put("memory_freed_bytes", 0);
    return data;
  }
}

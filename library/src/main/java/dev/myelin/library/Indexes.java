package dev.myelin.library;

import dev.myelin.library.feed.Cause;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.EventType;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.model.SpaceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can be said of a library's index, and done with it. Blocks; any thread.
final class Indexes {
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

  void rebuild(SpaceId library, Cause cause) {
    memories.rebuildIndex(library);
    LibraryInfo info = libraries.require(library);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("old_index_type", info.indexType());
    data.put("new_index_type", info.indexType());
    data.put("total_vectors_reindexed", info.passages());
    var _ = feed.publish(library, EventType.INDEX_REBUILT, data, cause);
  }

  void optimize(SpaceId library, Cause cause) {
    long compacted = memories.optimizeIndex(library);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("index_type", libraries.require(library).indexType());
    data.put("vectors_compacted", compacted);
    data.put("memory_freed_bytes", 0);
    var _ = feed.publish(library, EventType.INDEX_OPTIMIZED, data, cause);
  }
}

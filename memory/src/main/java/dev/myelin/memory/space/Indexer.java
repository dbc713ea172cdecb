package dev.myelin.memory.space;

import dev.myelin.memory.index.IndexBatch;
import dev.myelin.memory.index.IndexBatch.Added;
import dev.myelin.memory.tail.TailChunk;
import dev.myelin.memory.tail.TailEntry;
import java.util.ArrayList;
import java.util.List;

/// Moves sealed chunks from a tail to its index. Whoever calls it holds the open space's lock.
final class Indexer {
  private final SpaceBounds bounds;

  Indexer(SpaceBounds bounds) {
    this.bounds = bounds;
  }

  /// Indexes what is due.
  void index(Space space, OpenSpace open) {
    List<TailChunk> sealed = open.tail().sealed();
    if (sealed.size() * bounds.chunkRecords() >= bounds.indexAfter()) {
      handOver(space, open, sealed);
      if (open.uncommitted() >= bounds.commitAfter()) {
        open.commit();
      }
    }
  }

  /// Indexes all that is sealed.
  void indexSealed(Space space, OpenSpace open) {
    List<TailChunk> sealed = open.tail().sealed();
    if (!sealed.isEmpty()) {
      handOver(space, open, sealed);
    }
  }

  /// Indexes all that is sealed, and makes it durable.
  void indexAll(Space space, OpenSpace open) {
    indexSealed(space, open);
    open.commit();
  }

  private void handOver(Space space, OpenSpace open, List<TailChunk> chunks) {
    open.index().apply(batch(chunks));
    space.handedOver(open, open.index().covered());
  }

  private static IndexBatch batch(List<TailChunk> chunks) {
    long covered = chunks.getLast().last();
    List<Long> removed = new ArrayList<>();
    List<Added> added = new ArrayList<>();
    for (TailChunk chunk : chunks) {
      chunk.deaths().forEach(removed::add);
      for (long offset = chunk.first(); offset <= chunk.last(); offset++) {
        TailEntry entry = chunk.entry(offset);
        if (entry != null && entry.isAliveAt(covered)) {
          added.add(new Added(entry.facets(), entry.terms(), entry.vectorOffset(), entry.vector()));
        }
      }
    }
    return new IndexBatch(removed, added, covered);
  }
}

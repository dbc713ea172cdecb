package dev.myelin.memory.space;

import dev.myelin.memory.index.MemoryIndex;
import dev.myelin.memory.tail.FreshTail;

/// What a space has while it is open: its tail and its index.
final class OpenSpace {
  private final FreshTail tail;
  private final MemoryIndex index;
  private volatile long usedAt = System.nanoTime();

  // Guarded by this object's lock, which the indexer holds while it works on the space.
  private long committed;
  private boolean closed;

  OpenSpace(FreshTail tail, MemoryIndex index) {
    this.tail = tail;
    this.index = index;
    committed = index.covered();
  }

  FreshTail tail() {
    return tail;
  }

  MemoryIndex index() {
    return index;
  }

  /// Adds a record to the tail.
  ///
  /// @return whether it was the last of a chunk
  boolean publish(Publication publication) {
    // What the opener read from the journal before it was published here is there already.
    if (publication.offset() <= tail.watermark()) {
      return false;
    }
    tail.publish(publication.offset(), publication.death(), publication.birth());
    boolean sealed = tail.isSealedAt(publication.offset());
    if (sealed) {
      use();
    }
    return sealed;
  }

  void use() {
    usedAt = System.nanoTime();
  }

  long usedAt() {
    return usedAt;
  }

  long uncommitted() {
    return index.covered() - committed;
  }

  void commit() {
    index.commit();
    committed = index.covered();
  }

  boolean isClosed() {
    return closed;
  }

  void markClosed() {
    closed = true;
  }
}

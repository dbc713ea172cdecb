package dev.myelin.memory.tail;

import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.vector.VectorSlice;
import org.jspecify.annotations.Nullable;

/// One memory in the tail. Immutable but for its death, which the writer sets once, before the
/// watermark passes it.
public final class TailEntry {
  private static final float[] NO_BLOCK = {};

  final long bornAt;
  final Facets facets;
  final Terms terms;
  final long vectorOffset;
  final float[] block;
  final int at;
  private final int dimension;

  /// The offset of the record that hid or replaced it, 0 while it lives.
  private volatile long diedAt;

  TailEntry(long bornAt, Newborn newborn, float @Nullable [] block, int at) {
    this.bornAt = bornAt;
    facets = newborn.facets();
    terms = newborn.terms();
    vectorOffset = newborn.vectorOffset();
    this.block = block == null ? NO_BLOCK : block;
    this.at = at;
    dimension = newborn.vector() == null ? 0 : newborn.vector().length;
  }

  void die(long offset) {
    if (diedAt == 0) {
      diedAt = offset;
    }
  }

  /// Whether it was alive when the space ended at that offset.
  public boolean isAliveAt(long offset) {
    long death = diedAt;
    return death == 0 || death > offset;
  }

  public Facets facets() {
    return facets;
  }

  public Terms terms() {
    return terms;
  }

  public long vectorOffset() {
    return vectorOffset;
  }

  public boolean hasVector() {
    return block.length != 0;
  }

  /// Its vector, which has length 1; null if it has none.
  public @Nullable VectorSlice vector() {
    return hasVector() ? new VectorSlice(block, at, dimension) : null;
  }
}

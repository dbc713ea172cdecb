package dev.myelin.memory.index;

import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.vector.VectorSlice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What consecutive records changed: first the removals, then the additions.
///
/// @param removed memories that died, whether the index has them or not
/// @param added memories that are alive at the end of the batch
/// @param covered the offset of its last record
public record IndexBatch(List<Long> removed, List<Added> added, long covered) {

  /// One memory.
  ///
  /// @param vectorOffset the offset of the record with its embedding, 0 if it has none
  /// @param unit its embedding scaled to length 1, or null
  public record Added(Facets facets, Terms terms, long vectorOffset, @Nullable VectorSlice unit) {}
}

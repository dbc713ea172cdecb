package dev.myelin.memory.tail;

import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.ranking.Terms;
import org.jspecify.annotations.Nullable;

/// A memory that becomes visible: new, or back, or with its embedding now.
///
/// @param vectorOffset the offset of the record that holds its embedding, 0 if it has none
/// @param vector its embedding, not changed any more; null if it has none
/// @param inverseLength what the embedding is multiplied with to have length 1
@SuppressWarnings("ArrayRecordComponent") // a vector is handed on, never compared
public record Newborn(
    Facets facets, Terms terms, long vectorOffset, float @Nullable [] vector, float inverseLength) {

  /// The same with its embedding in another record.
  public Newborn withVectorOffset(long offset) {
    return new Newborn(facets, terms, offset, vector, inverseLength);
  }
}

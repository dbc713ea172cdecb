package dev.myelin.client.library.model;

import org.jspecify.annotations.Nullable;

/// A passage that was found.
///
/// @param distance 1 - cosine: 0 is the same direction, 2 the opposite; NaN while the passage has
///   no embedding
/// @param score what a hybrid search ranks by; higher is better
/// @param documentId null for a streamed memory
/// @param documentTitle null for a streamed memory
public record SearchHit(
    Passage passage,
    double distance,
    double score,
    @Nullable String documentId,
    @Nullable String documentTitle) {
  public String text() {
    return passage.text();
  }
}

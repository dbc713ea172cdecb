package dev.myelin.library.search;

import dev.myelin.library.document.Passage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One passage that answers a question.
///
/// @param distance 1 - cosine, 0 to 2; NaN where the passage or the question has no embedding
/// @param score what it is ranked by, higher is better
/// @param documentId null for a streamed memory
/// @param metadata the pairs that conditions look at
public record SearchHit(
    Passage passage,
    float distance,
    float score,
    @Nullable String documentId,
    @Nullable String documentTitle,
    Map<String, String> metadata) {
  public SearchHit {
    metadata = Map.copyOf(metadata);
  }
}

package dev.myelin.library.search;

import dev.myelin.library.search.Search.Mode;
import java.time.Duration;
import java.util.List;

/// The answer to a question: best first.
///
/// @param mode what the hits are ranked by, never [Mode#AUTOMATIC]
public record SearchAnswer(List<SearchHit> hits, Duration took, Mode mode) {
  public SearchAnswer {
    hits = List.copyOf(hits);
  }
}

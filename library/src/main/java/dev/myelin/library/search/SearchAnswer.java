package dev.myelin.library.search;

import java.time.Duration;
import java.util.List;

/// The answer to a question: best first.
public record SearchAnswer(List<SearchHit> hits, Duration took) {
  public SearchAnswer {
    hits = List.copyOf(hits);
  }
}

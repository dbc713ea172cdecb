package dev.myelin.client.library.model;

import java.time.Duration;
import java.util.List;

/// What was found, best first.
///
/// @param took how long the server looked
/// @param mode what they are ranked by; AUTOMATIC if the server does not say
public record SearchAnswer(List<SearchHit> hits, Duration took, SearchMode mode) {
  public SearchAnswer {
    hits = List.copyOf(hits);
  }
}

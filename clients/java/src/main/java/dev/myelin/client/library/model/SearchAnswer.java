package dev.myelin.client.library.model;

import java.time.Duration;
import java.util.List;

/// What was found, best first.
///
/// @param took how long the server looked
public record SearchAnswer(List<SearchHit> hits, Duration took) {
  public SearchAnswer {
    hits = List.copyOf(hits);
  }
}

package dev.myelin.client.model;

import java.time.Duration;
import java.util.List;

/// The answer to a recall: best first, ties by newest.
///
/// @param snapshotSequence the commit number up to which the space was searched
/// @param considered how many memories were looked at before the cut
/// @param took how long the server searched
public record Recollection(
    List<RecalledMemory> memories, long snapshotSequence, int considered, Duration took) {
  public Recollection {
    memories = List.copyOf(memories);
  }
}

package dev.myelin.memory;

import dev.myelin.model.Memory;
import java.time.Duration;
import java.util.List;

/// The answer to a recall: does not change any more.
///
/// @param snapshotSequence the offset up to which the space was searched
/// @param candidates how many memories were considered before the cut
public record Recollection(
    List<Recalled> results, long snapshotSequence, int candidates, Duration took) {
  public Recollection {
    results = List.copyOf(results);
  }

  /// One memory of an answer.
  ///
  /// @param score what it is ranked by: cosine, BM25 or fused rank
  /// @param similarity cosine to the cue, -1 to 1; for words alone its score over the best one's
  /// @param activation how present it is after decay, 0 to 1
  public record Recalled(Memory memory, float score, float similarity, float activation) {}
}

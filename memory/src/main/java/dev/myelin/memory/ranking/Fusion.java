package dev.myelin.memory.ranking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): a hit's score is the sum of 1 / (k
/// + rank) over the lists it is in, with k = 60. Ties go to the newest.
public final class Fusion {
  private static final float K = 60f;

  private Fusion() {}

  /// Fuses ranked lists, each best first.
  @SafeVarargs
  public static List<Hit> fuse(List<Hit>... lists) {
    Map<Long, Hit> fused = new HashMap<>();
    for (List<Hit> list : lists) {
      for (int rank = 1; rank <= list.size(); rank++) {
        Hit hit = list.get(rank - 1).withScore(1 / (K + rank));
        fused.merge(hit.offset(), hit, Fusion::sum);
      }
    }
    List<Hit> hits = new ArrayList<>(fused.values());
    hits.sort(Hit::compareBestFirst);
    return hits;
  }

  private static Hit sum(Hit a, Hit b) {
    return new Hit(a.offset(), Math.max(a.vectorOffset(), b.vectorOffset()), a.score() + b.score());
  }
}

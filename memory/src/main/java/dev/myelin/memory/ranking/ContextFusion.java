package dev.myelin.memory.ranking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fuses what a question's words find with what its meaning finds, and lets neighbours speak for
/// each other. A pure function of two ranked lists.
///
/// **Scores, not ranks.** Each list is scaled from its own floor (its worst hit; 0 if there were no
/// more matching texts) to its best hit, so that a clear winner stays clear; both count the same. A
/// list that is missing takes no part, and of a memory that has no embedding yet its words say all
/// there is to say: it is not to sink because the model is behind.
///
/// **Context.** What was remembered just before and after is often needed to understand an answer,
/// or holds it: a candidate gets a third of the score of its direct neighbours, a sixth of that of
/// the next ones, and so on for [#REACH] steps either way. Only candidates lend and receive. In a
/// space whose neighbours have nothing to do with each other this changes little, as then hardly
/// ever two neighbours are both good candidates. The records that bring embeddings lie between the
/// memories of the same stream and do not count as steps, as far as the hits tell where they are.
///
/// Figures, and what was tried besides, are in docs/adr/0005-embedding-and-fusion.md.
public final class ContextFusion {
  /// How many hits of each list a fusion should see at least, however few are wanted: what lies
  /// deeper can still be lifted by its neighbours.
  public static final int DEPTH = 200;

  private static final int REACH = 5;
  private static final float SHARE = 1f / 3;

  private ContextFusion() {}

  /// The hits of both lists, best first; a score is at most a little above 2.5.
  ///
  /// @param words best first; only texts that have one of the question's words
  /// @param meanings best first, by similarity
  /// @param depth how many hits each search was asked for
  public static List<Hit> fuse(List<Hit> words, List<Hit> meanings, int depth) {
    Map<Long, Hit> candidates = HashMap.newHashMap(words.size() + meanings.size());
    float share = words.isEmpty() || meanings.isEmpty() ? 1f : 0.5f;
    float meaningsFloor = meanings.isEmpty() ? 0f : meanings.getLast().score();
    add(candidates, meanings, meaningsFloor, _ -> share);
    Set<Long> meant = Set.copyOf(candidates.keySet());
    float wordsFloor = words.size() < depth ? 0f : words.getLast().score();
    add(
        candidates,
        words,
        wordsFloor,
        hit -> hit.vectorOffset() == 0 && !meant.contains(hit.offset()) ? 1f : share);
    List<Hit> hits = new ArrayList<>(candidates.values());
    hits.sort((a, b) -> Long.compare(a.offset(), b.offset()));
    List<Hit> fused = withContext(hits);
    fused.sort(Hit::compareBestFirst);
    return fused;
  }

  /// How much of its scaled score a hit brings in.
  @FunctionalInterface
  private interface Share {
    float of(Hit hit);
  }

  private static void add(Map<Long, Hit> candidates, List<Hit> list, float floor, Share share) {
    if (list.isEmpty()) {
      return;
    }
    float range = list.getFirst().score() - floor;
    for (Hit hit : list) {
      float scaled = range > 0 ? (hit.score() - floor) / range : 1f;
      candidates.merge(hit.offset(), hit.withScore(share.of(hit) * scaled), ContextFusion::sum);
    }
  }

  private static Hit sum(Hit a, Hit b) {
    return new Hit(a.offset(), Math.max(a.vectorOffset(), b.vectorOffset()), a.score() + b.score());
  }

  /// @param hits in order of offset
  private static List<Hit> withContext(List<Hit> hits) {
    long[] places = places(hits);
    float[] scores = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      scores[i] += hits.get(i).score();
      for (int j = i + 1; j < places.length && places[j] - places[i] <= REACH; j++) {
        float share = SHARE / Math.max(1, places[j] - places[i]);
        scores[i] += share * hits.get(j).score();
        scores[j] += share * hits.get(i).score();
      }
    }
    List<Hit> lifted = new ArrayList<>(places.length);
    for (int i = 0; i < places.length; i++) {
      lifted.add(hits.get(i).withScore(scores[i]));
    }
    return lifted;
  }

  /// The offsets, less the records before them that are known to be embeddings of other memories.
  private static long[] places(List<Hit> hits) {
    long[] embeddings =
        hits.stream()
            .filter(hit -> hit.vectorOffset() > hit.offset())
            .mapToLong(Hit::vectorOffset)
            .sorted()
            .toArray();
    long[] places = new long[hits.size()];
    int before = 0;
    for (int i = 0; i < places.length; i++) {
      long offset = hits.get(i).offset();
      while (before < embeddings.length && embeddings[before] < offset) {
        before++;
      }
      places[i] = offset - before;
    }
    return places;
  }
}

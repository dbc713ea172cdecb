package dev.myelin.memory;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.memory.ranking.AccessCounts;
import dev.myelin.memory.ranking.Activation;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.space.Replay;
import dev.myelin.memory.space.Space;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the memories of an answer from the journal, says how near and how present they are, and
/// counts their recall. One that was deleted since it was found is left out.
final class Fetching {
  /// How many times as many candidates as results are looked at when activation changes the order.
  private static final int CANDIDATES_PER_RESULT = 4;

  private final Replay replay;
  private final AccessCounts accesses;
  private final InstantSource clock;

  Fetching(Replay replay, AccessCounts accesses, InstantSource clock) {
    this.replay = replay;
    this.accesses = accesses;
    this.clock = clock;
  }

  /// What is the same for all results of an answer.
  ///
  /// @param cue of length 1, null for words alone or time
  /// @param best the best score
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Answer(
      Space space, RecallQuery query, float @Nullable [] cue, float best, Instant now) {}

  /// How many hits are needed for a query.
  int candidates(RecallQuery query) {
    return query.rankByActivation()
        ? Math.min(RecallQuery.MAX_RESULTS, CANDIDATES_PER_RESULT * query.maxResults())
        : query.maxResults();
  }

  /// The results.
  ///
  /// @param cue of length 1, null for words alone or time
  /// @param hits best first
  List<Recalled> fetch(Space space, RecallQuery query, float @Nullable [] cue, List<Hit> hits) {
    Instant now = clock.instant();
    int wanted = candidates(query);
    float best = hits.isEmpty() ? 0f : hits.getFirst().score();
    Answer answer = new Answer(space, query, cue, best, now);
    List<Recalled> results = new ArrayList<>(Math.min(wanted, hits.size()));
    for (Hit hit : hits) {
      if (results.size() == wanted) {
        break;
      }
      Recalled recalled = recalled(answer, hit);
      if (recalled != null) {
        results.add(recalled);
      }
    }
    List<Recalled> ranked = query.rankByActivation() ? byActivation(results, query) : results;
    for (Recalled recalled : ranked) {
      accesses.touch(space.id(), recalled.memory().offset(), now);
    }
    return ranked;
  }

  /// Null if it was deleted since it was found, or is too far.
  private @Nullable Recalled recalled(Answer answer, Hit hit) {
    Space space = answer.space;
    Memory memory = replay.memory(space.stream(), hit.offset()).orElse(null);
    float similarity = similarity(answer, hit);
    if (memory == null || isTooFar(answer.query, similarity)) {
      return null;
    }
    boolean whole = answer.query.includeEmbeddings();
    return new Recalled(
        memory.withEmbedding(whole ? embedding(space, memory, hit) : null),
        hit.score(),
        Float.isNaN(similarity) ? 0f : similarity,
        activation(answer, memory));
  }

  /// Cosine; for words alone the share of the best score; NaN for a memory without an embedding.
  private float similarity(Answer answer, Hit hit) {
    if (answer.cue == null) {
      return answer.best > 0 ? hit.score() / answer.best : 0f;
    }
    return answer.query.text() == null
        ? hit.score()
        : replay.cosine(answer.space.stream(), hit.vectorOffset(), answer.cue);
  }

  private static boolean isTooFar(RecallQuery query, float similarity) {
    return query.embedding() != null && similarity < query.minSimilarity();
  }

  private float activation(Answer answer, Memory memory) {
    AccessCounts.Access access =
        accesses.of(answer.space.id(), memory.offset(), memory.committedAt());
    Float rate = memory.circumstances().decayRate();
    return Activation.after(
        Duration.between(access.last(), answer.now),
        access.count(),
        rate == null ? Float.NaN : rate);
  }

  private @Nullable Embedding embedding(Space space, Memory memory, Hit hit) {
    return hit.vectorOffset() == 0 || hit.vectorOffset() == memory.offset()
        ? memory.episode().embedding()
        : replay.embedding(space.stream(), hit.vectorOffset());
  }

  /// Ranks by score times activation.
  private static List<Recalled> byActivation(List<Recalled> results, RecallQuery query) {
    return results.stream()
        .map(old ->
            new Recalled(
                old.memory(), old.score() * old.activation(), old.similarity(), old.activation()))
        .sorted(Comparator.comparingDouble(Recalled::score).reversed())
        .limit(query.maxResults())
        .toList();
  }
}

package dev.myelin.memory;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.ranking.AccessCounts;
import dev.myelin.memory.ranking.ContextFusion;
import dev.myelin.memory.ranking.Fusion;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.ranking.TextAnalysis;
import dev.myelin.memory.search.Searching;
import dev.myelin.memory.search.Searching.Scope;
import dev.myelin.memory.space.Replay;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceView;
import dev.myelin.memory.space.Spaces;
import dev.myelin.memory.vector.VectorMath;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers queries: searches what is fresh and what is indexed as of one moment, fuses, and fetches
/// the memories from the journal.
final class Recalling {
  /// How deep each ranking goes at least when several are fused.
  private static final int MIN_FUSION_DEPTH = ContextFusion.DEPTH;

  private static final Logger LOG = LoggerFactory.getLogger(Recalling.class);

  private final Spaces spaces;
  private final Fetching fetching;
  private final Searching searching;
  private final TextAnalysis analysis;
  private final @Nullable Embedder embedder;

  Recalling(
      Spaces spaces,
      Replay replay,
      TextAnalysis analysis,
      @Nullable Embedder embedder,
      AccessCounts accesses,
      InstantSource clock) {
    this.spaces = spaces;
    fetching = new Fetching(replay, accesses, clock);
    searching = new Searching(replay);
    this.analysis = analysis;
    this.embedder = embedder;
  }

  Recollection recall(RecallQuery query) {
    long started = System.nanoTime();
    requireCue(query);
    Space space = spaces.find(query.space());
    if (space == null || space.row().isEmpty()) {
      return new Recollection(List.of(), 0, 0, Duration.ZERO);
    }
    float[] cue = cue(space, query);
    try (SpaceView view = spaces.view(space)) {
      long end = Math.min(view.end(), query.asOf());
      int wanted = fetching.candidates(query);
      int depth = query.text() == null ? wanted : Math.max(wanted, MIN_FUSION_DEPTH);
      Scope scope = new Scope(space, view, criteria(query, end), depth, wanted);
      Ranking ranking = rank(query, cue, scope);
      List<Recalled> results = fetching.fetch(space, query, cue, ranking.hits);
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      return new Recollection(results, end, ranking.considered, took);
    }
  }

  private static void requireCue(RecallQuery query) {
    if (query.embedding() == null && query.text() != null && query.text().isBlank()) {
      throw new ServiceException(
          ErrorCode.INVALID_CUE,
          "Invalid cue: its text is blank. Say what to look for, send an embedding, or leave both out"
              + " for the newest memories.");
    }
    MemoryFilter filter = query.filter();
    if (filter.from() != null && filter.to() != null && filter.from().isAfter(filter.to())) {
      throw new ServiceException(
          ErrorCode.INVALID_CUE,
          "Invalid cue: its time range ends before it starts. Swap the two times.");
    }
  }

  static Criteria criteria(RecallQuery query, long end) {
    MemoryFilter filter = query.filter();
    return new Criteria(
        Criteria.micros(filter.from(), Long.MIN_VALUE),
        Criteria.micros(filter.to(), Long.MAX_VALUE),
        Criteria.micros(filter.committedUntil(), Long.MAX_VALUE),
        end,
        filter.minConfidence(),
        filter.requiredTags(),
        filter.excludedTags(),
        filter.people(),
        filter.place(),
        filter.conditions());
  }

  /// The query's embedding of length 1: its own, or that of its text where the space's dimension is
  /// the model's.
  private float @Nullable [] cue(Space space, RecallQuery query) {
    Embedding embedding = query.embedding();
    if (embedding != null) {
      if (space.dimension() != 0 && space.dimension() != embedding.dimension()) {
        throw space.wrongDimension(space.dimension(), embedding.dimension());
      }
    } else if (query.text() != null
        && !query.wordsAlone()
        && embedder != null
        && space.dimension() == embedder.dimension()) {
      embedding = meaning(embedder, query.text());
    }
    return embedding == null || space.dimension() == 0
        ? null
        : VectorMath.FASTEST.unit(embedding.values());
  }

  /// The question's embedding, or null while the model does not answer: its words still do.
  private static @Nullable Embedding meaning(Embedder embedder, String question) {
    try {
      return embedder.embedQuery(question);
    } catch (ServiceException e) {
      LOG.atDebug().addKeyValue("reason", e.text()).log("recall by words alone");
      return null;
    }
  }

  /// A ranked list.
  ///
  /// @param hits best first
  private record Ranking(List<Hit> hits, int considered) {}

  private Ranking rank(RecallQuery query, float @Nullable [] cue, Scope scope) {
    boolean byText = query.text() != null && !query.text().isBlank();
    if (!byText && query.embedding() == null) {
      List<Hit> newest = searching.newest(scope);
      return new Ranking(newest, newest.size());
    }
    int depth = scope.depth();
    List<Hit> near = cue == null ? List.of() : searching.nearest(cue, scope);
    List<Hit> worded =
        byText
            ? searching.worded(analysis.question(String.valueOf(query.text())), scope)
            : List.of();
    return new Ranking(fused(query, byText, near, worded, depth), near.size() + worded.size());
  }

  private static List<Hit> fused(
      RecallQuery query, boolean byText, List<Hit> near, List<Hit> worded, int depth) {
    if (!byText) {
      return near;
    }
    return query.embedding() == null
        ? ContextFusion.fuse(worded, near, depth)
        : Fusion.fuse(near, worded);
  }
}

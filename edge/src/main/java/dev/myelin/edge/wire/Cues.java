package dev.myelin.edge.wire;

import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ContextCue;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.CueFilter;
import dev.myelin.proto.engram.v1.EmbeddingCue;
import dev.myelin.proto.engram.v1.SemanticCue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cues as queries: collects what a cue asks for, then makes the [RecallQuery] of it.
public final class Cues {
  private @Nullable Embedding embedding;
  private @Nullable String text;
  private @Nullable Instant from;
  private @Nullable Instant to;
  private @Nullable String place;
  private final List<String> people = new ArrayList<>();
  private final List<String> requiredTags = new ArrayList<>();
  private final List<String> excludedTags = new ArrayList<>();
  private float minConfidence;
  private float minSimilarity = -1f;

  private Cues() {}

  /// What to look for and how to answer, apart from the cue.
  ///
  /// @param maxResults the request's own number, 0 or less if it has none
  /// @param defaultResults the number if neither the request nor the cue has one
  /// @param committedUntil latest commit time of results, if any
  public record Request(
      SpaceId space,
      int maxResults,
      int defaultResults,
      boolean includeEmbeddings,
      @Nullable Instant committedUntil) {}

  /// The query that a cue asks for.
  ///
  /// @param now what a temporal cue is relative to if it does not say
  /// @throws ServiceException INVALID_CUE or INVALID_EMBEDDING if the cue asks for nothing or for
  ///   something that does not exist, UNSUPPORTED for patterns and cron expressions
  public static RecallQuery read(Cue cue, Request request, Instant now) {
    Cues parts = new Cues();
    parts.add(cue, now);
    int max = request.maxResults() > 0 ? request.maxResults() : cue.getMaxResults();
    return new RecallQuery(
        request.space(),
        parts.embedding,
        parts.text,
        parts.filter(request.committedUntil()),
        max > 0 ? max : request.defaultResults(),
        parts.minSimilarity,
        Long.MAX_VALUE,
        request.includeEmbeddings(),
        cue.getRankByActivation());
  }

  private void add(Cue cue, Instant now) {
    switch (cue.getCueTypeCase()) {
      case EMBEDDING -> meaning(cue.getEmbedding());
      case SEMANTIC -> words(cue.getSemantic());
      case CONTEXT -> context(cue.getContext());
      case TEMPORAL -> {
        TimeRange range = TimeRange.of(cue.getTemporal(), now);
        between(range.from(), range.to());
      }
      case HYBRID -> {
        meaning(cue.getHybrid().getEmbedding());
        words(cue.getHybrid().getSemantic());
      }
      case PATTERN ->
          throw new ServiceException(
              ErrorCode.UNSUPPORTED,
              "Pattern cues are not supported."
                  + " Use an embedding, semantic, context, temporal or hybrid cue.");
      case CUETYPE_NOT_SET -> {
        if (!cue.hasFilter()) {
          throw invalid(
              "it is empty (expected: one of embedding, semantic, context, temporal, hybrid)");
        }
      }
    }
    if (cue.hasThreshold()) {
      confident(cue.getThreshold().getValue());
    }
    if (cue.hasFilter()) {
      filter(cue.getFilter());
    }
  }

  private void meaning(EmbeddingCue cue) {
    embedding = Episodes.embedding(cue.getVectorList());
    if (embedding == null) {
      throw invalid("its embedding has no values (expected: as many as the space's dimension)");
    }
    similar(cue.getSimilarityThreshold());
  }

  private void words(SemanticCue cue) {
    if (cue.getQuery().isBlank()) {
      throw invalid("its query is empty (expected: words to look for)");
    }
    text = cue.getQuery();
    similar(cue.getFuzzyThreshold());
    requiredTags.addAll(cue.getRequiredTagsList());
    excludedTags.addAll(cue.getExcludedTagsList());
  }

  private void context(ContextCue cue) {
    if (cue.equals(ContextCue.getDefaultInstance())) {
      throw invalid(
          "its context is empty (expected: at least one of time_start, time_end, location,"
              + " participants)");
    }
    between(
        cue.hasTimeStart() ? time("time_start", cue.getTimeStart()) : null,
        cue.hasTimeEnd() ? time("time_end", cue.getTimeEnd()) : null);
    at(cue.getLocation());
    people.addAll(cue.getParticipantsList());
  }

  private void filter(CueFilter filter) {
    between(
        filter.hasTimeStart() ? time("filter.time_start", filter.getTimeStart()) : null,
        filter.hasTimeEnd() ? time("filter.time_end", filter.getTimeEnd()) : null);
    at(filter.getLocation());
    people.addAll(filter.getParticipantsList());
    requiredTags.addAll(filter.getRequiredTagsList());
    excludedTags.addAll(filter.getExcludedTagsList());
    confident(filter.getMinConfidence());
  }

  private void between(@Nullable Instant start, @Nullable Instant end) {
    if (start != null && (from == null || start.isAfter(from))) {
      from = start;
    }
    if (end != null && (to == null || end.isBefore(to))) {
      to = end;
    }
  }

  private void at(String location) {
    if (location.isEmpty()) {
      return;
    }
    if (place != null && !place.equalsIgnoreCase(location)) {
      throw invalid("it names two places (expected: one, in the context or in the filter)");
    }
    place = location;
  }

  private void similar(float threshold) {
    requireFinite("the similarity threshold", threshold);
    if (threshold != 0f) {
      minSimilarity = Math.max(minSimilarity, threshold);
    }
  }

  private void confident(float threshold) {
    requireFinite("the least confidence", threshold);
    minConfidence = Math.max(minConfidence, Math.clamp(threshold, 0f, 1f));
  }

  private MemoryFilter filter(@Nullable Instant committedUntil) {
    return new MemoryFilter(
        from, to, committedUntil, minConfidence, requiredTags, excludedTags, people, place);
  }

  private static Instant time(String field, com.google.protobuf.Timestamp time) {
    return Timestamps.read(time, field, ErrorCode.INVALID_CUE);
  }

  private static void requireFinite(String what, float value) {
    if (!Float.isFinite(value)) {
      throw invalid(what + " is " + value + " (expected: a finite number)");
    }
  }

  static ServiceException invalid(String what) {
    return new ServiceException(
        ErrorCode.INVALID_CUE, "Invalid cue: " + what + ". Correct the cue and ask again.");
  }
}

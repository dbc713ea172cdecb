package dev.myelin.client.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to look for, and how to answer. Immutable.
///
/// With an embedding memories are ranked by cosine, with text by its words (and, where the space's
/// dimension is the server model's, by its meaning), with both by the fusion of the rankings, with
/// neither by time, newest first. Every result meets the filter.
///
/// @param space the space; on a stream, empty means the stream's own
/// @param limit how many results at most, 1 to 10 000
/// @param minSimilarity drops results whose cosine is lower; 0 keeps all
/// @param includeEmbeddings whether results carry their embedding
public record RecallQuery(
    String space,
    String text,
    Embedding embedding,
    Filter filter,
    int limit,
    float minSimilarity,
    boolean includeEmbeddings) {
  public static final int MAX_RESULTS = 10_000;
  private static final int DEFAULT_RESULTS = 10;

  public RecallQuery {
    if (limit < 1 || limit > MAX_RESULTS) {
      throw new IllegalArgumentException(
          "limit: " + limit + " (expected: 1 to " + MAX_RESULTS + ")");
    }
  }

  /// The ten newest memories of a space: the start of every query.
  public static RecallQuery in(String space) {
    return new RecallQuery(space, "", Embedding.NONE, Filter.NONE, DEFAULT_RESULTS, 0f, false);
  }

  /// Looks for words.
  public RecallQuery about(String words) {
    return new RecallQuery(
        space, words, embedding, filter, limit, minSimilarity, includeEmbeddings);
  }

  /// Looks for a meaning; the array is copied.
  public RecallQuery near(float[] vector) {
    return new RecallQuery(
        space, text, Embedding.of(vector.clone()), filter, limit, minSimilarity, includeEmbeddings);
  }

  public RecallQuery withFilter(Filter other) {
    return new RecallQuery(space, text, embedding, other, limit, minSimilarity, includeEmbeddings);
  }

  public RecallQuery withLimit(int max) {
    return new RecallQuery(space, text, embedding, filter, max, minSimilarity, includeEmbeddings);
  }

  public RecallQuery withMinSimilarity(float least) {
    return new RecallQuery(space, text, embedding, filter, limit, least, includeEmbeddings);
  }

  public RecallQuery withEmbeddings() {
    return new RecallQuery(space, text, embedding, filter, limit, minSimilarity, true);
  }

  /// Conditions that every result meets, applied inside the search.
  ///
  /// @param since earliest time it happened, inclusive
  /// @param until latest time it happened, inclusive
  /// @param minConfidence lowest confidence, 0 for all
  /// @param tags all of them
  /// @param excludedTags none of them
  /// @param people all of them took part (case ignored)
  /// @param place where it happened (case ignored)
  public record Filter(
      @Nullable Instant since,
      @Nullable Instant until,
      float minConfidence,
      List<String> tags,
      List<String> excludedTags,
      List<String> people,
      @Nullable String place) {

    /// Every memory passes.
    public static final Filter NONE =
        new Filter(null, null, 0f, List.of(), List.of(), List.of(), null);

    public Filter {
      tags = List.copyOf(tags);
      excludedTags = List.copyOf(excludedTags);
      people = List.copyOf(people);
    }
  }
}

package dev.myelin.client.library.model;

import dev.myelin.client.model.Embedding;
import java.util.List;

/// What to look for in a library, and how to answer. Immutable.
///
/// @param text 1 to 1 000 characters; empty if an embedding asks alone
/// @param embedding empty if a text asks
/// @param k how many results at most, 1 to 100
/// @param maxDistance drops results that are further away; 2 keeps all
/// @param filters all of them hold for each result
/// @param mode what results are ranked by
/// @param includeEmbeddings whether passages carry theirs
public record SearchQuery(
    String text,
    Embedding embedding,
    int k,
    double maxDistance,
    List<Filter> filters,
    SearchMode mode,
    boolean includeEmbeddings) {
  public static final int MAX_K = 100;
  public static final double MAX_DISTANCE = 2;
  private static final int DEFAULT_K = 10;

  public SearchQuery {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException("k: " + k + " (expected: 1 to " + MAX_K + ")");
    }
    if (!(maxDistance >= 0 && maxDistance <= MAX_DISTANCE)) {
      throw new IllegalArgumentException("maxDistance: " + maxDistance + " (expected: 0 to 2)");
    }
    if (text.isEmpty() && embedding.dimension() == 0) {
      throw new IllegalArgumentException("text: empty (expected: a text or an embedding)");
    }
    boolean worded = mode == SearchMode.WORDS || mode == SearchMode.HYBRID;
    if (worded && embedding.dimension() > 0) {
      throw new IllegalArgumentException(
          "mode: " + mode + " with an embedding (expected: with a text alone)");
    }
    if (mode == SearchMode.WORDS && maxDistance < MAX_DISTANCE) {
      throw new IllegalArgumentException(
          "maxDistance: " + maxDistance + " by words, which have no distance (expected: 2)");
    }
    filters = List.copyOf(filters);
  }

  /// The ten passages that answer a text best.
  public static SearchQuery about(String text) {
    return new SearchQuery(
        text, Embedding.NONE, DEFAULT_K, MAX_DISTANCE, List.of(), SearchMode.AUTOMATIC, false);
  }

  /// The ten passages nearest to an embedding; the array is copied.
  public static SearchQuery near(float[] embedding) {
    return new SearchQuery(
        "",
        Embedding.of(embedding.clone()),
        DEFAULT_K,
        MAX_DISTANCE,
        List.of(),
        SearchMode.AUTOMATIC,
        false);
  }

  public SearchQuery withK(int most) {
    return new SearchQuery(text, embedding, most, maxDistance, filters, mode, includeEmbeddings);
  }

  public SearchQuery withMaxDistance(double furthest) {
    return new SearchQuery(text, embedding, k, furthest, filters, mode, includeEmbeddings);
  }

  public SearchQuery where(Filter... all) {
    return new SearchQuery(text, embedding, k, maxDistance, List.of(all), mode, includeEmbeddings);
  }

  /// Ranks by words and meaning together.
  public SearchQuery byWordsAndMeaning() {
    return new SearchQuery(
        text, embedding, k, maxDistance, filters, SearchMode.HYBRID, includeEmbeddings);
  }

  /// Ranks by the words of the text alone, which needs no model.
  public SearchQuery byWords() {
    return new SearchQuery(
        text, embedding, k, maxDistance, filters, SearchMode.WORDS, includeEmbeddings);
  }

  public SearchQuery withEmbeddings() {
    return new SearchQuery(text, embedding, k, maxDistance, filters, mode, true);
  }
}

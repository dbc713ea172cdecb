package dev.myelin.memory;

import dev.myelin.model.Embedding;
import dev.myelin.model.SpaceId;
import org.jspecify.annotations.Nullable;

/// What to look for, and how to answer.
///
/// With an embedding memories are ranked by cosine, with text by its words (and, where the space's
/// dimension is the model's, by its meaning), with both by the fusion of the rankings, with neither
/// by time, newest first.
///
/// @param maxResults 1 to 10 000
/// @param minSimilarity drops results whose cosine is lower; -1 keeps all; texts alone ignore it
/// @param asOf only memories committed up to this offset; [Long#MAX_VALUE] for all
/// @param includeEmbeddings whether results carry their embedding
/// @param wordsAlone whether a text is not asked by its meaning
public record RecallQuery(
    SpaceId space,
    @Nullable Embedding embedding,
    @Nullable String text,
    MemoryFilter filter,
    int maxResults,
    float minSimilarity,
    long asOf,
    boolean includeEmbeddings,
    boolean rankByActivation,
    boolean wordsAlone) {

  public static final int MAX_RESULTS = 10_000;

  /// A query that asks a text by its words and, where it can, by its meaning.
  public RecallQuery(
      SpaceId space,
      @Nullable Embedding embedding,
      @Nullable String text,
      MemoryFilter filter,
      int maxResults,
      float minSimilarity,
      long asOf,
      boolean includeEmbeddings,
      boolean rankByActivation) {
    this(
        space,
        embedding,
        text,
        filter,
        maxResults,
        minSimilarity,
        asOf,
        includeEmbeddings,
        rankByActivation,
        false);
  }

  public RecallQuery {
    maxResults = Math.clamp(maxResults, 1, MAX_RESULTS);
  }

  /// The ten memories nearest to an embedding.
  public static RecallQuery near(SpaceId space, Embedding embedding) {
    return new RecallQuery(
        space, embedding, null, MemoryFilter.NONE, 10, -1f, Long.MAX_VALUE, false, false);
  }

  /// The ten memories that answer a text best.
  public static RecallQuery about(SpaceId space, String text) {
    return new RecallQuery(
        space, null, text, MemoryFilter.NONE, 10, -1f, Long.MAX_VALUE, false, false);
  }

  public RecallQuery withSpace(SpaceId other) {
    return new RecallQuery(
        other,
        embedding,
        text,
        filter,
        maxResults,
        minSimilarity,
        asOf,
        includeEmbeddings,
        rankByActivation,
        wordsAlone);
  }

  public RecallQuery withFilter(MemoryFilter other) {
    return new RecallQuery(
        space,
        embedding,
        text,
        other,
        maxResults,
        minSimilarity,
        asOf,
        includeEmbeddings,
        rankByActivation,
        wordsAlone);
  }

  public RecallQuery withMaxResults(int max) {
    return new RecallQuery(
        space,
        embedding,
        text,
        filter,
        max,
        minSimilarity,
        asOf,
        includeEmbeddings,
        rankByActivation,
        wordsAlone);
  }

  public RecallQuery withAsOf(long offset) {
    return new RecallQuery(
        space,
        embedding,
        text,
        filter,
        maxResults,
        minSimilarity,
        offset,
        includeEmbeddings,
        rankByActivation,
        wordsAlone);
  }

  public RecallQuery byWordsAlone() {
    return new RecallQuery(
        space,
        embedding,
        text,
        filter,
        maxResults,
        minSimilarity,
        asOf,
        includeEmbeddings,
        rankByActivation,
        true);
  }
}

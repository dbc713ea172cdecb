package dev.myelin.client.library.model;

/// What the results of a search are ranked by.
public enum SearchMode {
  /// Distance, where the question has an embedding or the server's model makes one that fits the
  /// library; words otherwise.
  AUTOMATIC,
  /// Distance of embeddings, nearest first.
  MEANING,
  /// The words of the text, by `score`, descending.
  WORDS,
  /// Words and meaning together, by `score`, descending.
  HYBRID
}

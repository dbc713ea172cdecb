package dev.myelin.client.library.model;

import dev.myelin.client.model.Embedding;

/// A passage that brings its own embedding.
///
/// @param text 1 to 10 000 characters
public record NewPassage(String text, Embedding embedding) {
  /// The array is copied.
  public static NewPassage of(String text, float[] embedding) {
    return new NewPassage(text, Embedding.of(embedding.clone()));
  }
}

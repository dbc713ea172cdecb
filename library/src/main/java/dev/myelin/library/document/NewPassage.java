package dev.myelin.library.document;

import dev.myelin.model.Embedding;
import org.jspecify.annotations.Nullable;

/// A passage as its writer gives it.
///
/// @param embedding its meaning; null lets the server find it
public record NewPassage(String text, @Nullable Embedding embedding) {

  public static NewPassage of(String text) {
    return new NewPassage(text, null);
  }
}

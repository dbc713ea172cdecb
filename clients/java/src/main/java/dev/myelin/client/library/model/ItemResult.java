package dev.myelin.client.library.model;

import org.jspecify.annotations.Nullable;

/// What became of one of many: done, or failed with an error, which the others did not mind.
///
/// @param number its place among what was sent, from 0; of lines, from 1
/// @param documentId its document; null if it failed before it had one
/// @param error what was wrong, what was expected, what to do; null if nothing was
public record ItemResult(long number, @Nullable String documentId, @Nullable String error) {
  public boolean isDone() {
    return error == null;
  }
}

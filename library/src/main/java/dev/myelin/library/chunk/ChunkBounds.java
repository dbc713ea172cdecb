package dev.myelin.library.chunk;

/// How long the passages are that a text is cut into.
///
/// @param targetTokens how many tokens of the model a passage has, more or less
/// @param overlapTokens how many tokens of the end of a passage the next one begins with, at most
public record ChunkBounds(int targetTokens, int overlapTokens) {
  public static final ChunkBounds DEFAULT = new ChunkBounds(200, 30);

  public ChunkBounds {
    if (targetTokens < 8 || overlapTokens < 0 || overlapTokens > targetTokens / 2) {
      throw new IllegalArgumentException(
          "chunks: "
              + targetTokens
              + " tokens, overlap "
              + overlapTokens
              + " (expected: 8 or more, overlap 0 to half of it)");
    }
  }
}

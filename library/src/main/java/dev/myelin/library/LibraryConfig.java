package dev.myelin.library;

import dev.myelin.library.chunk.ChunkBounds;
import dev.myelin.library.feed.FeedConfig;

/// Bounds of libraries.
///
/// @param maxPassagesPerDocument how many passages one document may have
/// @param maxPassageCharacters how many characters one passage may have
/// @param maxDocumentsPerBatch how many documents one call may bring
/// @param maxDocumentCharacters how long a text may be that the server cuts
/// @param maxConcurrentEmbeddings how many calls may wait for the model at the same time
public record LibraryConfig(
    int maxPassagesPerDocument,
    int maxPassageCharacters,
    int maxDocumentsPerBatch,
    int maxDocumentCharacters,
    int maxConcurrentEmbeddings,
    ChunkBounds chunks,
    FeedConfig feed) {
  public static final LibraryConfig DEFAULT =
      new LibraryConfig(
          1_000, 10_000, 1_000, 4_000_000, 64, ChunkBounds.DEFAULT, FeedConfig.DEFAULT);

  public LibraryConfig {
    require("maxPassagesPerDocument", maxPassagesPerDocument);
    require("maxPassageCharacters", maxPassageCharacters);
    require("maxDocumentsPerBatch", maxDocumentsPerBatch);
    require("maxDocumentCharacters", maxDocumentCharacters);
    require("maxConcurrentEmbeddings", maxConcurrentEmbeddings);
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }
}

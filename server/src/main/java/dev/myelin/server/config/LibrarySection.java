package dev.myelin.server.config;

import dev.myelin.library.LibraryConfig;
import dev.myelin.library.chunk.ChunkBounds;
import dev.myelin.library.feed.FeedConfig;

/// The keys under `library`.
final class LibrarySection {
  private LibrarySection() {}

  static LibraryConfig read(Values values, LibraryConfig otherwise) {
    return new LibraryConfig(
        values.integer("library.max-passages", otherwise.maxPassagesPerDocument()),
        values.integer("library.max-passage-characters", otherwise.maxPassageCharacters()),
        values.integer("library.max-batch", otherwise.maxDocumentsPerBatch()),
        values.integer("library.max-document-characters", otherwise.maxDocumentCharacters()),
        values.integer("library.max-concurrent-embeddings", otherwise.maxConcurrentEmbeddings()),
        new ChunkBounds(
            values.integer("library.chunk-tokens", otherwise.chunks().targetTokens()),
            values.integer("library.chunk-overlap", otherwise.chunks().overlapTokens())),
        new FeedConfig(
            values.duration("feed.max-age", otherwise.feed().maxAge()),
            values.integer("feed.max-events", otherwise.feed().maxEvents()),
            values.integer("feed.recent-events", otherwise.feed().recentEvents()),
            values.duration("feed.memory-delay", otherwise.feed().memoryDelay()),
            values.duration("feed.trim-interval", otherwise.feed().trimInterval())));
  }
}

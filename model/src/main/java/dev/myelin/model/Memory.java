package dev.myelin.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An episode that was committed: durable, ordered, recallable.
///
/// @param id its name inside the space; the newest memory of a name is the one that counts
/// @param offset its commit number in the space's stream, dense, from 1
/// @param committedAt when it became durable
/// @param when when it happened
/// @param episode what was observed; its own `id` and `when` may be null where the server chose
public record Memory(MemoryId id, long offset, Instant committedAt, Instant when, Episode episode) {

  public String content() {
    return episode.what();
  }

  public Circumstances circumstances() {
    return episode.circumstances();
  }

  public Confidence confidence() {
    return episode.confidence();
  }

  /// This memory with another embedding, or none.
  public Memory withEmbedding(@Nullable Embedding embedding) {
    Episode other =
        embedding == null && episode.what().isEmpty()
            ? episode
            : new Episode(
                episode.id(),
                episode.when(),
                episode.what(),
                embedding,
                episode.confidence(),
                episode.circumstances());
    return new Memory(id, offset, committedAt, when, other);
  }
}

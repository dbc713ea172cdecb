package dev.myelin.memory.space;

import dev.myelin.memory.embedding.WaitingText;

/// What becomes of committed records, told on the committer thread.
public interface SpaceEvents {
  /// A space should be indexed, or opened.
  void due(Space space);

  /// A text has its embedding, durable and visible.
  void embedded(Space space, WaitingText text);
}

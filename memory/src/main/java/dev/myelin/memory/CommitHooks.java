package dev.myelin.memory;

import dev.myelin.memory.space.Draft;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceEvents;
import dev.myelin.model.MemoryId;

/// What a commit asks of the engine and tells it, on the committer thread.
interface CommitHooks extends SpaceEvents {
  /// Whether a text without an embedding waits for one in a space of that dimension (0: not
  /// settled).
  boolean isEmbeddable(int dimension);

  /// A memory is durable and visible.
  void remembered(Space space, Draft draft, Stored stored, boolean waits);

  /// A memory was deleted.
  void forgotten(Space space, MemoryId id);

  /// A space is gone.
  void dropped(Space space);
}

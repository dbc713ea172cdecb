package dev.myelin.memory;

import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;

/// Hears of what happens in a space.
public interface SpaceListener {

  /// A memory became durable and visible.
  void remembered(Memory memory);

  /// A memory is gone, hidden, or back.
  default void forgotten(MemoryId id, ForgetMode mode) {}

  /// A memory that came without an embedding has one now.
  default void indexed(MemoryId id, long offset) {}
}

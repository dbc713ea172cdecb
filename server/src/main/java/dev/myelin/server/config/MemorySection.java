package dev.myelin.server.config;

import dev.myelin.memory.MemoryConfig;

/// The keys under `memory`.
final class MemorySection {
  private MemorySection() {}

  static MemoryConfig read(Values values, MemoryConfig otherwise) {
    return new MemoryConfig(
        values.integer("memory.max-spaces", otherwise.maxSpaces()),
        values.integer("memory.max-open-spaces", otherwise.maxOpenSpaces()),
        values.duration("memory.idle-after", otherwise.idleAfter()),
        values.bytes("memory.max-tail-bytes", otherwise.maxTailBytes()),
        values.integer("memory.index-after", otherwise.indexAfter()),
        values.integer("memory.commit-after", otherwise.commitAfter()),
        values.integer("memory.max-tracked-accesses", otherwise.maxTrackedAccesses()));
  }
}

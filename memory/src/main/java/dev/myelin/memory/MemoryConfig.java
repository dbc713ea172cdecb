package dev.myelin.memory;

import dev.myelin.memory.space.SpaceBounds;
import java.time.Duration;

/// Bounds of the memory engine.
///
/// @param maxSpaces how many spaces there may be
/// @param maxOpenSpaces how many of them are open at the same time, more or less
/// @param idleAfter when an unused space is closed; it is opened again on use
/// @param maxTailBytes what fresh tails may take in memory together before commits are refused as
///   OVERLOADED; what was admitted before still comes on top
/// @param indexAfter how many records of a fresh tail are indexed at once, more or less
/// @param commitAfter how many indexed records are made durable at once: what is not is replayed
///   when a space is opened
/// @param maxTrackedAccesses for how many memories it is remembered how often they were recalled
public record MemoryConfig(
    int maxSpaces,
    int maxOpenSpaces,
    Duration idleAfter,
    long maxTailBytes,
    int indexAfter,
    int commitAfter,
    int maxTrackedAccesses) {
  public static final MemoryConfig DEFAULT =
      new MemoryConfig(100_000, 256, Duration.ofMinutes(5), tailShare(), 4_096, 50_000, 100_000);

  /// An eighth of the heap, within 32 MiB and 1 GiB.
  private static long tailShare() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32L << 20, 1L << 30);
  }

  public MemoryConfig {
    require("maxSpaces", maxSpaces);
    require("maxOpenSpaces", maxOpenSpaces);
    require("maxTailBytes", maxTailBytes);
    require("indexAfter", indexAfter);
    require("commitAfter", commitAfter);
    require("maxTrackedAccesses", maxTrackedAccesses);
    if (!idleAfter.isPositive()) {
      throw new IllegalArgumentException("idleAfter: " + idleAfter + " (expected: more than zero)");
    }
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }

  SpaceBounds bounds() {
    return new SpaceBounds(maxSpaces, maxOpenSpaces, idleAfter, indexAfter, commitAfter);
  }
}

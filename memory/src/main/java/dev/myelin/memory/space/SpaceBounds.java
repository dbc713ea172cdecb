package dev.myelin.memory.space;

import java.time.Duration;

/// Bounds of open spaces.
///
/// @param maxSpaces how many spaces there may be
/// @param maxOpen how many spaces are open at the same time, more or less: one in use stays open
/// @param idleAfter when an unused space is closed
/// @param indexAfter how many records of the tail are indexed at once
/// @param commitAfter how many indexed records are made durable at once
public record SpaceBounds(
    int maxSpaces, int maxOpen, Duration idleAfter, int indexAfter, int commitAfter) {
  private static final int MAX_CHUNK = 512;

  /// How many records of a tail are indexed together at least.
  int chunkRecords() {
    return Math.min(MAX_CHUNK, indexAfter);
  }
}

package dev.myelin.memory.embedding;

import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.time.Instant;

/// A committed text that has no embedding yet.
///
/// @param offset the memory's
public record WaitingText(
    SpaceId space, long offset, MemoryId id, Instant committedAt, String text) {}

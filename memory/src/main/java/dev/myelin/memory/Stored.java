package dev.myelin.memory;

import dev.myelin.model.MemoryId;
import java.time.Instant;

/// A memory that was committed.
///
/// @param offset its commit number in the space, dense, from 1
/// @param replaced whether an older memory of that id gave way
public record Stored(MemoryId id, long offset, Instant committedAt, boolean replaced) {}

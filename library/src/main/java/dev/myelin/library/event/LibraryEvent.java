package dev.myelin.library.event;

import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One change of a library.
///
/// @param offset its place in the library's stream: grows, with holes; the cursor of the feed
/// @param previous the offset of the library's event before it, 0 for the first. `memory.added`,
///   `chunk.added` and `chunk.deleted` are not counted
/// @param eventId a UUID, the same on every delivery
/// @param type one of [EventType]
/// @param at when it was committed
public record LibraryEvent(
    SpaceId library,
    long offset,
    long previous,
    String eventId,
    String type,
    Map<String, @Nullable Object> data,
    Instant at) {}

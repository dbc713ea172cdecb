package dev.myelin.client.library.feed;

import java.time.Instant;
import java.util.Map;

/// A change of a library.
///
/// @param type such as `document.added`
/// @param offset its place among the library's changes: ascending, not dense
/// @param eventId the same on every way over which it is told
/// @param data what the type brings, such as `document_id` and `title`; what was null is left out
public record Change(
    String type,
    String libraryId,
    long offset,
    String eventId,
    Instant at,
    Map<String, Object> data) {}

package dev.myelin.library.document;

import dev.myelin.model.Embedding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A part of a document that is found by itself.
///
/// @param id a UUID of its own; an updated document's passages have new ones
/// @param index its number in the document, from 0
/// @param start where it begins in the document's text, in UTF-16 units
/// @param embedding null if it was not asked for, or is not there yet
public record Passage(
    String id,
    int index,
    String text,
    int start,
    @Nullable Embedding embedding,
    Instant createdAt) {}

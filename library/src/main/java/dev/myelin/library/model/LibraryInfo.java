package dev.myelin.library.model;

import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a library.
///
/// @param name what people call it; the name of its space if nobody gave it one
/// @param indexType what its creator asked for; the engine chooses by itself
/// @param dimension of its embeddings, 0 until the first one fixes it
/// @param documents how many it has
/// @param passages how many memories it has, those of documents and streamed ones
/// @param version grows with every change of the library's own fields, from 1
public record LibraryInfo(
    SpaceId id,
    String name,
    @Nullable String description,
    Map<String, @Nullable Object> metadata,
    String indexType,
    @Nullable String embeddingModel,
    int dimension,
    long documents,
    long passages,
    Instant createdAt,
    Instant updatedAt,
    long version) {}

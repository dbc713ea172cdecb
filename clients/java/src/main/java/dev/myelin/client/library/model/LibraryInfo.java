package dev.myelin.client.library.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a library.
///
/// @param dimension length of its embeddings; 0 until the first fixes it
/// @param metadata what was null in it is left out
/// @param version grows with each change; what `ifVersion` is compared with
public record LibraryInfo(
    String id,
    String name,
    @Nullable String description,
    long documents,
    long passages,
    int dimension,
    @Nullable String embeddingModel,
    Instant createdAt,
    Instant updatedAt,
    Map<String, Object> metadata,
    long version) {}

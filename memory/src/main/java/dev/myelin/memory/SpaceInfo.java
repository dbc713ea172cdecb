package dev.myelin.memory;

import dev.myelin.model.SpaceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a space.
///
/// @param dimension of its embeddings, 0 while it has none
/// @param memories how many can be recalled
/// @param epoch and lastOffset the position of its newest change
/// @param oldest and newest commit times, null if it is empty
/// @param indexLag commits that the index does not cover yet (the fresh tail does)
/// @param embeddingLag texts that wait for their embedding
public record SpaceInfo(
    SpaceId id,
    Instant createdAt,
    int dimension,
    long memories,
    String epoch,
    long lastOffset,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    long indexLag,
    long embeddingLag) {}

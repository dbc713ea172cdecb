package dev.myelin.client.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a space.
///
/// @param dimension of its embeddings, 0 while it has none
/// @param memories how many can be recalled
/// @param lastSequence the commit number of its newest change
/// @param oldest and newest commit times, null if it is empty
/// @param indexLag commits that the index does not cover yet; they are found all the same
/// @param embeddingLag texts that wait for their embedding
public record SpaceInfo(
    String name,
    int dimension,
    long memories,
    long lastSequence,
    @Nullable Instant createdAt,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    long indexLag,
    long embeddingLag) {}

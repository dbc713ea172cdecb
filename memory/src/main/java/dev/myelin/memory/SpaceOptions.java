package dev.myelin.memory;

/// What a space is created with.
///
/// @param dimension of its embeddings; 0 takes that of the first one
public record SpaceOptions(int dimension) {}

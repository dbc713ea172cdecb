package dev.myelin.library.model;

import dev.myelin.model.SpaceId;

/// Figures of a library.
///
/// @param passages all memories, those of documents and streamed ones
/// @param waiting how many of them wait for an embedding
/// @param unindexed records that the index does not cover yet; search finds them all the same
/// @param endOffset the offset of the newest record of its stream
/// @param oldestOffset the oldest offset that the change feed can be read after
public record LibraryStatistics(
    SpaceId library,
    String indexType,
    int dimension,
    long documents,
    long passages,
    long waiting,
    long unindexed,
    long endOffset,
    long oldestOffset) {}

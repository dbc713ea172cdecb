package dev.myelin.client.library.model;

/// The figures of a library.
///
/// @param memories passages and streamed memories
/// @param dimension length of its embeddings; 0 until the first fixes it
/// @param lastOffset of the newest change; 0 if there was none
/// @param oldestOffset from which changes can be read
public record LibraryStatistics(
    String libraryId,
    long documents,
    long passages,
    long memories,
    int dimension,
    long lastOffset,
    long oldestOffset) {}

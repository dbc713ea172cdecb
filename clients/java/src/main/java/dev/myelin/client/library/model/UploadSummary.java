package dev.myelin.client.library.model;

/// What became of an upload of any length.
///
/// @param done how many documents were added
/// @param failed how many were not, each told by itself
public record UploadSummary(long done, long failed) {}

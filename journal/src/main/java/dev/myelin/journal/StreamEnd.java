package dev.myelin.journal;

/// Where a stream ends.
///
/// @param epoch changes when offsets may have been given out anew (deleted and begun again,
///   restored from a backup): positions of another epoch mean nothing
/// @param lastOffset the offset of the newest record
public record StreamEnd(String epoch, long lastOffset) {}

package dev.myelin.stream;

/// What a client asks of its stream.
///
/// @param maxInFlight unacknowledged observations before the server stops reading; 0 for the
///   default
/// @param backpressure whether it wants `status` messages about pressure
/// @param batchedAcks whether acknowledgements may come as ranges
/// @param indexedAcks whether it wants to hear when a text has its embedding
public record StreamOptions(
    int maxInFlight, boolean backpressure, boolean batchedAcks, boolean indexedAcks) {}

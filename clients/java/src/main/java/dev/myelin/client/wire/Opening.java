package dev.myelin.client.wire;

/// What a stream says when it connects.
///
/// @param resume the session to go on with; empty opens a new one
public record Opening(
    String space, String resume, int maxInFlight, boolean batchedAcks, boolean indexedAcks) {}

package dev.myelin.journal;

import java.time.Instant;

/// One committed entry of a stream. Owns its payload, which must not be changed.
///
/// @param offset dense, from 1
/// @param kind what the payload is, in the writer's terms
/// @param payload empty if it was erased
@SuppressWarnings("ArrayRecordComponent") // a payload is handed on, never compared
public record JournalRecord(
    long offset, byte kind, Instant committedAt, byte[] payload, boolean erased) {}

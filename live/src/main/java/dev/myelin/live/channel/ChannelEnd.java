package dev.myelin.live.channel;

/// Where a channel's log stands.
///
/// @param epoch names the incarnation of the log, at most 32 characters; with another one, offsets
///   of before mean nothing
/// @param offset of the newest event, 0 if there was none
/// @param oldest the lowest cursor that is not GONE: the offset before the oldest event that is
///   kept
public record ChannelEnd(String epoch, long offset, long oldest) {}

package dev.myelin.client.channel;

/// Where a reader stands in a channel: everything up to the offset is known. Keep it with what was
/// made of the events, and a restarted program goes on there.
///
/// @param epoch of the channel's log; an offset means nothing in another
public record Position(String epoch, long offset) {}

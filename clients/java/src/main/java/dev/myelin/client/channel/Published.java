package dev.myelin.client.channel;

/// What became of an event that was said on a channel.
///
/// @param id of the event
/// @param channel such as `team:core`
/// @param offset its place in the channel; 0 if it is ephemeral
/// @param epoch of the channel's log
/// @param duplicate whether it had been said before under the same id; this is what came of it then
public record Published(String id, String channel, long offset, String epoch, boolean duplicate) {}

package dev.myelin.live.channel;

/// How a publishing ended.
///
/// @param eventId the event's
/// @param duplicate whether the same command was carried out before: this is what it got then
public record Published(String eventId, String epoch, long offset, boolean duplicate) {}

package dev.myelin.client.channel;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that was said on a channel.
///
/// @param id the same on every way over which it is told
/// @param channel such as `team:core`
/// @param type such as `team.activity`
/// @param offset its place in the channel: one more than that of the event before, but for
///   libraries, where only ascending; 0 if it is ephemeral
/// @param at the server's clock
/// @param correlationId what it belongs to, null if nothing
/// @param payload what it tells; what was null is left out
public record ChannelEvent(
    String id,
    String channel,
    String type,
    long offset,
    Instant at,
    @Nullable String correlationId,
    Map<String, Object> payload) {

  /// Whether it was only for who listened: it is not kept.
  public boolean isEphemeral() {
    return offset == 0;
  }
}

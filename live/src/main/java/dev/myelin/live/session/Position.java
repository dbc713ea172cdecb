package dev.myelin.live.session;

import dev.myelin.model.ChannelId;

/// How far somebody has come on a channel.
///
/// @param epoch the incarnation of the log that the offset belongs to
/// @param offset of the last event that was had; 0 if none was
public record Position(ChannelId channel, String epoch, long offset) {
  public Position {
    if (offset < 0) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: 0 or more)");
    }
  }
}

package dev.myelin.live.channel;

import java.util.List;

/// A part of a channel's log.
///
/// @param events in order of offset, without a hole
/// @param next the cursor to go on from
/// @param more whether something after it was there already
public record ChannelPage(String epoch, List<ChannelEvent> events, long next, boolean more) {
  public ChannelPage {
    events = List.copyOf(events);
  }
}

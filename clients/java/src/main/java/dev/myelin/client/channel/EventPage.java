package dev.myelin.client.channel;

import java.util.List;

/// Events after an offset, in order.
///
/// @param epoch of the channel's log
/// @param next where the next page begins: its `after`
/// @param lastOffset of the newest event there is
/// @param hasMore whether there was more when it was read
public record EventPage(
    String epoch, List<ChannelEvent> events, long next, long lastOffset, boolean hasMore) {
  public EventPage {
    events = List.copyOf(events);
  }
}

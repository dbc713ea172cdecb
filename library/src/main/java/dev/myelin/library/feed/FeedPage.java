package dev.myelin.library.feed;

import dev.myelin.library.event.LibraryEvent;
import java.util.List;

/// A part of a change feed.
///
/// @param events in order of offset
/// @param next the cursor to go on from: everything up to it was looked at
/// @param more whether something after it is there already
public record FeedPage(List<LibraryEvent> events, long next, boolean more) {
  public FeedPage {
    events = List.copyOf(events);
  }
}

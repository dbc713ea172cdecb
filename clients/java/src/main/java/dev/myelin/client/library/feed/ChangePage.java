package dev.myelin.client.library.feed;

import java.util.List;

/// Changes after an offset, in order.
///
/// @param next where the next page begins: its `since`
/// @param lastOffset of the newest change there is
/// @param hasMore whether there was more when it was read
public record ChangePage(List<Change> changes, long next, long lastOffset, boolean hasMore) {
  public ChangePage {
    changes = List.copyOf(changes);
  }
}

package dev.myelin.library.feed;

import dev.myelin.model.SpaceId;
import java.util.Map;

/// Figures of the feed since the server began.
///
/// @param published events that were committed
/// @param delivered events that listeners were told, each counted
/// @param errors listeners that failed
/// @param pending events that wait to be told
/// @param subscribers listeners and followers, by library
public record FeedStats(
    long published, long delivered, long errors, long pending, Map<SpaceId, Integer> subscribers) {
  public FeedStats {
    subscribers = Map.copyOf(subscribers);
  }

  /// How many listen, to any library.
  public int subscriberCount() {
    return subscribers.values().stream().mapToInt(Integer::intValue).sum();
  }
}

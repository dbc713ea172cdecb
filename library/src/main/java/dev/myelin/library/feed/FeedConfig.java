package dev.myelin.library.feed;

import java.time.Duration;

/// What the change feed keeps and how much it holds in memory.
///
/// @param maxAge how long an event is kept
/// @param maxEvents how many events of one library are kept
/// @param recentEvents how many of the newest events of a library that somebody follows are in
///   memory; who is further behind reads the journal
/// @param memoryDelay how long streamed memories are gathered into one `memory.added`
/// @param trimInterval how often old events are let go of
public record FeedConfig(
    Duration maxAge, int maxEvents, int recentEvents, Duration memoryDelay, Duration trimInterval) {
  public static final FeedConfig DEFAULT =
      new FeedConfig(
          Duration.ofDays(7), 1_000_000, 1_024, Duration.ofMillis(50), Duration.ofMinutes(1));

  public FeedConfig {
    if (!maxAge.isPositive()
        || maxEvents < 1
        || recentEvents < 1
        || memoryDelay.isNegative()
        || trimInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "feed: "
              + maxAge
              + ", "
              + maxEvents
              + " events, "
              + recentEvents
              + " recent, delay "
              + memoryDelay
              + ", trimmed every "
              + trimInterval
              + " (expected: more than zero; delay zero or more)");
    }
  }
}

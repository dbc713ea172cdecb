package dev.myelin.live.channel;

import java.time.Duration;

/// What the logs of channels keep.
///
/// @param maxEvents how many events of one channel are kept
/// @param maxAge how long an event is kept; as long, what a deleted channel's epoch was is known
/// @param commandAge how long a command is known again, at least; at most twice as long
/// @param maxPayloadBytes how large the payload of one event may be
/// @param trimInterval how often what is too old is let go of
public record ChannelConfig(
    int maxEvents,
    Duration maxAge,
    Duration commandAge,
    int maxPayloadBytes,
    Duration trimInterval) {
  public static final ChannelConfig DEFAULT =
      new ChannelConfig(
          1_000, Duration.ofHours(24), Duration.ofHours(24), 1 << 20, Duration.ofMinutes(1));

  public ChannelConfig {
    if (maxEvents < 1
        || !maxAge.isPositive()
        || commandAge.toMillis() < 1
        || maxPayloadBytes < 2
        || trimInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "channels: "
              + maxEvents
              + " events, "
              + maxAge
              + ", commands "
              + commandAge
              + ", "
              + maxPayloadBytes
              + " bytes, trimmed every "
              + trimInterval
              + " (expected: more than zero, 2 bytes or more)");
    }
  }
}

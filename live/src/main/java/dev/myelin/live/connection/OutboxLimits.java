package dev.myelin.live.connection;

/// How much may wait for one connection, in bytes; what keeps a frame in its queue counts with it.
///
/// @param soft above it, of ephemeral frames only the latest of each key waits
/// @param hard above it, the connection is too slow to be kept
public record OutboxLimits(long soft, long hard) {
  public static final OutboxLimits DEFAULT = new OutboxLimits(256 << 10, 1 << 20);

  public OutboxLimits {
    if (soft < 1) {
      throw new IllegalArgumentException(
          "gateway.outbox-soft: " + soft + " (expected: 1 byte or more)");
    }
    if (hard < soft) {
      throw new IllegalArgumentException(
          "gateway.outbox-hard: " + hard + " (expected: " + soft + ", the soft mark, or more)");
    }
  }
}

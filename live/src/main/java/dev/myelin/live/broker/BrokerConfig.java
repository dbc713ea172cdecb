package dev.myelin.live.broker;

/// Bounds of a broker.
///
/// @param maxWaiting how many messages may wait to be told; what comes on top is left out
/// @param threads how many tell: each channel has one of them
public record BrokerConfig(int maxWaiting, int threads) {
  private static final int MOST_THREADS = 4;

  public static final BrokerConfig DEFAULT =
      new BrokerConfig(
          65_536, Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS));

  public BrokerConfig {
    if (threads < 1 || maxWaiting < threads) {
      throw new IllegalArgumentException(
          "broker: "
              + maxWaiting
              + " waiting, "
              + threads
              + " threads (expected: one thread or more, and one waiting or more for each)");
    }
  }
}

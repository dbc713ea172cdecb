package dev.myelin.live.broker;

/// Bounds of a broker.
///
/// @param maxWaiting how many messages may wait to be told; what comes on top is left out
/// @param threads how many tell: each channel has one of them
public record BrokerConfig(int maxWaiting, int threads) {
  private static final int MOST_THREADS = 4;
  private static final int MOST = 256;

  public static final BrokerConfig DEFAULT =
      new BrokerConfig(
          65_536, Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS));

  public BrokerConfig {
    if (threads < 1 || threads > MOST) {
      throw new IllegalArgumentException(
          "gateway.broker-threads: " + threads + " (expected: 1 to " + MOST + ")");
    }
    if (maxWaiting < threads) {
      throw new IllegalArgumentException(
          "gateway.max-waiting: "
              + maxWaiting
              + " (expected: "
              + threads
              + " or more, one for each of gateway.broker-threads)");
    }
  }
}

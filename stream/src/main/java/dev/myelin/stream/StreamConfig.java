package dev.myelin.stream;

import dev.myelin.stream.pressure.PressureBounds;
import java.time.Duration;

/// The bounds of the observation service.
///
/// @param maxSessions open sessions, connected or not
/// @param idleTimeout how long a session without a connection can be resumed
/// @param defaultInFlight unanswered requests of a connection that did not say how many it wants
/// @param maxInFlight the most a connection may ask for
/// @param recallBatch results in one message
/// @param maxAwaitedIndexings texts of one connection whose indexing it may wait to hear of; of
///   more it does not hear
/// @param pressureInterval shortest time between two notices of pressure to one client
/// @param pressure where pressure is told, and where observations are rejected
public record StreamConfig(
    int maxSessions,
    Duration idleTimeout,
    int defaultInFlight,
    int maxInFlight,
    int recallBatch,
    int maxAwaitedIndexings,
    Duration pressureInterval,
    PressureBounds pressure) {

  public static final StreamConfig DEFAULT =
      new StreamConfig(
          10_000,
          Duration.ofMinutes(5),
          1_000,
          10_000,
          10,
          10_000,
          Duration.ofMillis(100),
          PressureBounds.DEFAULT);

  public StreamConfig {
    require(maxSessions >= 1, "maxSessions", maxSessions, "1 or more");
    require(idleTimeout.isPositive(), "idleTimeout", idleTimeout, "more than 0");
    require(maxInFlight >= 1, "maxInFlight", maxInFlight, "1 or more");
    require(
        defaultInFlight >= 1 && defaultInFlight <= maxInFlight,
        "defaultInFlight",
        defaultInFlight,
        "1 to maxInFlight, which is " + maxInFlight);
    require(recallBatch >= 1 && recallBatch <= 100, "recallBatch", recallBatch, "1 to 100");
    require(maxAwaitedIndexings >= 1, "maxAwaitedIndexings", maxAwaitedIndexings, "1 or more");
    require(!pressureInterval.isNegative(), "pressureInterval", pressureInterval, "0 or more");
  }

  /// This configuration with another bound on sessions.
  public StreamConfig withMaxSessions(int sessions) {
    return new StreamConfig(
        sessions,
        idleTimeout,
        defaultInFlight,
        maxInFlight,
        recallBatch,
        maxAwaitedIndexings,
        pressureInterval,
        pressure);
  }

  /// This configuration with another time to resume a session.
  public StreamConfig withIdleTimeout(Duration timeout) {
    return new StreamConfig(
        maxSessions,
        timeout,
        defaultInFlight,
        maxInFlight,
        recallBatch,
        maxAwaitedIndexings,
        pressureInterval,
        pressure);
  }

  /// This configuration with another bound on texts waited for.
  public StreamConfig withMaxAwaitedIndexings(int texts) {
    return new StreamConfig(
        maxSessions,
        idleTimeout,
        defaultInFlight,
        maxInFlight,
        recallBatch,
        texts,
        pressureInterval,
        pressure);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

package dev.myelin.client;

import dev.myelin.client.model.Priority;

/// What a stream is opened with. Immutable; start from [#in(String)].
///
/// @param space where memories go
/// @param resume the session to go on with, as another stream's [ObservationStream#session()];
///   empty for a new one
/// @param maxInFlight how many observations may be under way, 1 to 10 000: the stream's credit
/// @param batchedAcks whether verdicts may come as ranges: less work for both sides at high rates,
///   but then [dev.myelin.client.model.Verdict#replaced()] is not known
/// @param indexedAcks whether the listener is told when a text has its embedding
/// @param priority of observations that name none
/// @param retries how often an observation that the server had no room for is sent again, under a
///   new number, before its future fails
public record StreamOptions(
    String space,
    String resume,
    int maxInFlight,
    boolean batchedAcks,
    boolean indexedAcks,
    Priority priority,
    int retries,
    StreamListener listener) {
  private static final int MAX_IN_FLIGHT = 10_000;
  private static final int DEFAULT_IN_FLIGHT = 1_000;
  private static final int DEFAULT_RETRIES = 10;

  public StreamOptions {
    if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT) {
      throw new IllegalArgumentException(
          "maxInFlight: " + maxInFlight + " (expected: 1 to " + MAX_IN_FLIGHT + ")");
    }
  }

  /// The usual options for a space.
  public static StreamOptions in(String space) {
    return new StreamOptions(
        space,
        "",
        DEFAULT_IN_FLIGHT,
        false,
        false,
        Priority.NORMAL,
        DEFAULT_RETRIES,
        StreamListener.NONE);
  }

  public StreamOptions resuming(String session) {
    return new StreamOptions(
        space, session, maxInFlight, batchedAcks, indexedAcks, priority, retries, listener);
  }

  public StreamOptions withMaxInFlight(int observations) {
    return new StreamOptions(
        space, resume, observations, batchedAcks, indexedAcks, priority, retries, listener);
  }

  public StreamOptions withBatchedAcks() {
    return new StreamOptions(
        space, resume, maxInFlight, true, indexedAcks, priority, retries, listener);
  }

  public StreamOptions withIndexedAcks() {
    return new StreamOptions(
        space, resume, maxInFlight, batchedAcks, true, priority, retries, listener);
  }

  public StreamOptions withPriority(Priority other) {
    return new StreamOptions(
        space, resume, maxInFlight, batchedAcks, indexedAcks, other, retries, listener);
  }

  public StreamOptions withRetries(int times) {
    return new StreamOptions(
        space, resume, maxInFlight, batchedAcks, indexedAcks, priority, times, listener);
  }

  public StreamOptions withListener(StreamListener other) {
    return new StreamOptions(
        space, resume, maxInFlight, batchedAcks, indexedAcks, priority, retries, other);
  }
}

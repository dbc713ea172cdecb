package dev.myelin.edge.socket;

import java.time.Duration;

/// The bounds of a WebSocket connection.
///
/// @param maxMessageBytes longest message a client may send, in one frame or several
/// @param heartbeat time between two heartbeats
/// @param initTimeout how long a connection may stay without a message
/// @param silenceTimeout how long a client may give no sign of life, answers to pings included: a
///   ping may stay unanswered for what this is longer than a heartbeat
/// @param writeTimeout how long a client may leave a full write buffer unread
/// @param closeTimeout how long a client may take to answer a close
/// @param writeBufferBytes unread replies at which the server stops working for a client
/// @param compression whether permessage-deflate is offered
public record SocketOptions(
    int maxMessageBytes,
    Duration heartbeat,
    Duration initTimeout,
    Duration silenceTimeout,
    Duration writeTimeout,
    Duration closeTimeout,
    int writeBufferBytes,
    boolean compression) {

  public static final SocketOptions DEFAULT =
      new SocketOptions(
          4 * 1024 * 1024,
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          256 * 1024,
          false);

  private static final int MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

  public SocketOptions {
    requireWithin("maxMessageBytes", maxMessageBytes, 1_024, MAX_MESSAGE_BYTES);
    requireWithin("writeBufferBytes", writeBufferBytes, 4_096, MAX_MESSAGE_BYTES);
    requirePositive("heartbeat", heartbeat);
    requirePositive("initTimeout", initTimeout);
    requirePositive("silenceTimeout", silenceTimeout);
    requirePositive("writeTimeout", writeTimeout);
    requirePositive("closeTimeout", closeTimeout);
    if (silenceTimeout.compareTo(heartbeat) <= 0) {
      throw new IllegalArgumentException(
          "silenceTimeout: "
              + silenceTimeout
              + " (expected: more than heartbeat "
              + heartbeat
              + ")");
    }
  }

  private static void requireWithin(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
    }
  }

  /// How long a client may leave a ping unanswered.
  Duration pongTimeout() {
    return silenceTimeout.minus(heartbeat);
  }

  /// After how long without a sign of life a heartbeat pings.
  Duration quiet() {
    return pongTimeout().compareTo(heartbeat) < 0 ? pongTimeout() : heartbeat;
  }

  /// The shortest of all times here, which decides how often a connection is looked at.
  Duration shortest() {
    Duration shortest = heartbeat;
    for (Duration other :
        new Duration[] {initTimeout, silenceTimeout, writeTimeout, closeTimeout}) {
      shortest = other.compareTo(shortest) < 0 ? other : shortest;
    }
    return shortest;
  }
}

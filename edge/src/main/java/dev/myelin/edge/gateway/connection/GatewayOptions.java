package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.Switches;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.live.connection.OutboxLimits;
import java.time.Duration;

/// The bounds of the gateway's connections.
///
/// @param maxMessageBytes longest message a client may send
/// @param pingInterval time between two pings
/// @param pongTimeout how long a client may leave a ping unanswered
/// @param initTimeout how long a connection may stay without saying who it is
/// @param grace how long a connection may read on once its token has expired
/// @param drain over how long a shutdown spreads the end of connections
/// @param maxChannels that one connection may be subscribed to
/// @param maxReplay events that are told again; who missed more gets a snapshot
/// @param resumeWindow how long a session waits for its client
/// @param compression whether permessage-deflate is offered
/// @param outbox what may wait for one connection
/// @param switches what is off for whom
public record GatewayOptions(
    int maxMessageBytes,
    Duration pingInterval,
    Duration pongTimeout,
    Duration initTimeout,
    Duration grace,
    Duration drain,
    int maxChannels,
    int maxReplay,
    Duration resumeWindow,
    boolean compression,
    OutboxLimits outbox,
    Switches switches) {
  public static final int MAX_IN_FLIGHT = 32;
  public static final int INLINE_MAX_BYTES = 64 * 1024;

  private static final int LARGEST = 16 * 1024 * 1024;

  public static final GatewayOptions DEFAULT =
      new GatewayOptions(
          1024 * 1024,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          100,
          300,
          Duration.ofMinutes(2),
          true,
          OutboxLimits.DEFAULT,
          Switches.ALL_ON);

  public GatewayOptions {
    require(
        maxMessageBytes >= 1_024 && maxMessageBytes <= LARGEST,
        "max-message-size",
        maxMessageBytes,
        "1 KiB to 16 MiB");
    require(pingInterval.isPositive(), "ping-interval", pingInterval, "more than 0");
    require(pongTimeout.isPositive(), "pong-timeout", pongTimeout, "more than 0");
    require(initTimeout.isPositive(), "init-timeout", initTimeout, "more than 0");
    require(!grace.isNegative(), "token-grace", grace, "0 or more");
    require(!drain.isNegative(), "drain", drain, "0 or more");
    require(resumeWindow.isPositive(), "resume-window", resumeWindow, "more than 0");
    require(maxChannels >= 1 && maxChannels <= 10_000, "max-channels", maxChannels, "1 to 10000");
    require(maxReplay >= 1 && maxReplay <= 10_000, "max-replay", maxReplay, "1 to 10000");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "gateway." + name + ": " + value + " (expected: " + expected + ")");
    }
  }

  /// The same with other switches.
  public GatewayOptions withSwitches(Switches other) {
    return new GatewayOptions(
        maxMessageBytes,
        pingInterval,
        pongTimeout,
        initTimeout,
        grace,
        drain,
        maxChannels,
        maxReplay,
        resumeWindow,
        compression,
        outbox,
        other);
  }

  /// The bounds of its sockets.
  ///
  /// @param other of all sockets, whose times for writing and closing it shares
  public SocketOptions sockets(SocketOptions other) {
    return new SocketOptions(
        maxMessageBytes,
        pingInterval,
        initTimeout,
        pingInterval.plus(pongTimeout),
        other.writeTimeout(),
        other.closeTimeout(),
        other.writeBufferBytes(),
        compression);
  }
}

package dev.myelin.edge.socket;

import java.time.Duration;

/// When a socket last showed a sign of life, and what has taken it too long. Times are those of
/// [System#nanoTime()].
///
/// Confined to the event loop.
final class Vitals {
  private final SocketOptions options;
  private final long openedAt = System.nanoTime();
  private long lastSign = openedAt;
  private long pingedAt = openedAt;
  private long fullSince;
  private long closingSince;
  private boolean established;

  Vitals(SocketOptions options) {
    this.options = options;
  }

  /// What has taken too long.
  enum Overdue {
    NOTHING,
    /// The other side does not answer a close.
    CLOSE,
    /// The other side does not read.
    WRITE,
    /// It has not said who it is.
    INIT,
    /// It does not answer a ping.
    PONG
  }

  /// What a socket does now.
  ///
  /// @param closing whether it waits for the other side's close
  /// @param full whether so much is unsent that the other side has to read first
  /// @param reading whether it reads, so that a sign of life would be seen
  record State(boolean closing, boolean full, boolean reading) {}

  /// Something came.
  void sign() {
    lastSign = System.nanoTime();
  }

  /// It may stay as long as it likes.
  void established() {
    established = true;
  }

  /// From now on the other side has to read first.
  void full() {
    fullSince = System.nanoTime();
  }

  /// A close has begun.
  void closing() {
    closingSince = System.nanoTime();
  }

  /// Whether it was quiet for so long that a ping is due.
  boolean isQuiet(long now) {
    return now - lastSign >= options.quiet().toNanos();
  }

  /// A ping is sent.
  void pinged(long now) {
    if (!isAwaited()) {
      pingedAt = now;
    }
  }

  /// Whether a ping was sent since its last sign of life.
  private boolean isAwaited() {
    return pingedAt - lastSign > 0;
  }

  Overdue overdue(long now, State state) {
    if (state.closing()) {
      return exceeds(now - closingSince, options.closeTimeout()) ? Overdue.CLOSE : Overdue.NOTHING;
    }
    if (state.full() && exceeds(now - fullSince, options.writeTimeout())) {
      return Overdue.WRITE;
    }
    if (!established && exceeds(now - openedAt, options.initTimeout())) {
      return Overdue.INIT;
    }
    // The first ping after its last sign of life counts.
    return state.reading() && isAwaited() && exceeds(now - pingedAt, options.pongTimeout())
        ? Overdue.PONG
        : Overdue.NOTHING;
  }

  private static boolean exceeds(long nanos, Duration limit) {
    return nanos > limit.toNanos();
  }
}

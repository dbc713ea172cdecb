package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import org.jspecify.annotations.Nullable;

/// Counts what a client does wrong within a minute, and says when it is enough. What comes too
/// often is counted with its rate.
///
/// Confined to the connection's event loop.
final class Strikes {
  private static final long WINDOW_MS = 60_000;
  private static final int BAD_MESSAGES = 10;
  private static final int REFUSALS = 20;

  private long since;
  private int bad;
  private int refused;

  /// Counts an error; returns whether the connection is to be closed for it.
  boolean isOneTooMany(GatewayCode code, long nowMs) {
    if (nowMs - since > WINDOW_MS) {
      since = nowMs;
      bad = 0;
      refused = 0;
    }
    return switch (code) {
      case INVALID_MESSAGE_FORMAT -> ++bad >= BAD_MESSAGES;
      case PERMISSION_DENIED -> ++refused >= REFUSALS;
      default -> false;
    };
  }

  static @Nullable Strikes orNew(@Nullable Strikes strikes, GatewayCode code) {
    return strikes != null
        ? strikes
        : switch (code) {
          case INVALID_MESSAGE_FORMAT, PERMISSION_DENIED -> new Strikes();
          default -> null;
        };
  }
}

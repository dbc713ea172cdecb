package dev.myelin.live.connection;

/// What became of a frame that was offered to an [Outbox].
public enum Offered {
  /// It was written.
  SENT,
  /// It waits until the socket takes more.
  HELD,
  /// It waits, and for the first time since the queue was last short that is more than the soft
  /// mark: the client is to be warned.
  OVER_SOFT,
  /// It waits in the place of earlier ones with the same key.
  MERGED,
  /// It was left out: it is ephemeral, and there is no room.
  LEFT_OUT,
  /// It can neither be sent nor kept: the connection must be closed (4012), to be resumed later.
  OVER_HARD
}

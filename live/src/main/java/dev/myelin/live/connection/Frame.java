package dev.myelin.live.connection;

import org.jspecify.annotations.Nullable;

/// A message as it goes out, encoded once for all its receivers. Immutable.
public interface Frame {
  /// How long it is on the wire, before compression.
  int bytes();

  /// Whether it may be left out for a slow receiver; if not, it is sent or the connection ends.
  boolean isEphemeral();

  /// What an ephemeral frame tells the state of: of two with the same key, the later one says it
  /// all. Null where each counts, and for frames that are not ephemeral.
  @Nullable Object key();
}

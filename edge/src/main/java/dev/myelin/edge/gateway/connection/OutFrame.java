package dev.myelin.edge.gateway.connection;

import dev.myelin.live.connection.Frame;
import org.jspecify.annotations.Nullable;

/// A message on its way to a client, shared by all whose form it has.
///
/// @param key of an ephemeral message, what it tells the state of; null for all that must arrive,
///   and for what counts each time
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutFrame(byte[] text, boolean isEphemeral, @Nullable Object key) implements Frame {

  static OutFrame lasting(byte[] text) {
    return new OutFrame(text, false, null);
  }

  @Override
  public int bytes() {
    return text.length;
  }
}

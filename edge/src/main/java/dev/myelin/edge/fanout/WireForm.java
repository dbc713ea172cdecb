package dev.myelin.edge.fanout;

import dev.myelin.live.broker.Message;

/// How an event looks on the wire of some surface. Compared by identity: have one of each.
@FunctionalInterface
public interface WireForm {

  /// The event's text, UTF-8. Quick, and the same for whoever asks.
  byte[] encode(Message message);
}

package dev.myelin.edge.gateway;

import dev.myelin.edge.fanout.WireForm;
import dev.myelin.live.broker.Message;

/// How a message of the gateway is written.
public enum Form implements WireForm {
  /// The payload in a member of its own, beside what is said of it.
  ENVELOPE,
  /// The payload's members beside what is said of it.
  FLAT;

  @Override
  public byte[] encode(Message message) {
    return Envelopes.event(LibraryEvents.event(message), this, false);
  }
}

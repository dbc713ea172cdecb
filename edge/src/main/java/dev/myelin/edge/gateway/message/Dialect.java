package dev.myelin.edge.gateway.message;

import dev.myelin.edge.gateway.Form;

/// How a client talks.
public enum Dialect {
  /// Words such as `ping` and `subscribe`, everything flat, errors with a text for a code.
  SIMPLE,
  /// Events such as `channel.subscribe`, with the payload's members beside the others.
  FLAT,
  /// Events in envelopes.
  ENVELOPE;

  public Form form() {
    return this == ENVELOPE ? Form.ENVELOPE : Form.FLAT;
  }
}

package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.InboundReader;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.model.ServiceException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What comes in on a connection: reads messages, and has them answered one after the other.
///
/// **Threads.** Confined to the connection's event loop, but for the number that others may read.
final class Inlet {
  private final GatewaySocket socket;
  private @Nullable Iterator<Inbound> rest;

  // Read by other threads, for which it may be a little old.
  private long received;

  Inlet(GatewaySocket socket) {
    this.socket = socket;
  }

  /// Messages so far. Any thread.
  long received() {
    return received;
  }

  void text(byte[] bytes, int length) {
    received++;
    List<Inbound> messages;
    try {
      messages = InboundReader.read(bytes, length, socket.out().takesBatches());
    } catch (JsonFailure e) {
      invalid("invalid", GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, e.text()));
      return;
    }
    if (messages.size() > 1) {
      rest = messages.iterator();
      goOn();
    } else {
      handle(messages.getFirst());
    }
  }

  private void handle(Inbound message) {
    try {
      socket.desk().talk().handle(socket, message);
    } catch (ServiceException e) {
      socket.faults().refuse(message, GatewayError.of(e));
    } catch (RuntimeException e) {
      socket.faults().broken(message, e);
    }
  }

  /// Handles what is left of a batch, until a command has to wait.
  void goOn() {
    while (rest != null && !socket.tasks().isBusy() && !socket.isGone()) {
      Iterator<Inbound> left = rest;
      if (left.hasNext()) {
        handle(left.next());
      } else {
        rest = null;
      }
    }
  }

  void binary() {
    received++;
    invalid(
        "binary",
        GatewayError.of(
            GatewayCode.INVALID_MESSAGE_FORMAT,
            "A binary frame (expected: JSON in a text frame; this server takes no files here)."));
  }

  private void invalid(String kind, GatewayError error) {
    socket.desk().metrics().received(kind);
    socket.faults().refuse(null, error);
  }

  /// A message was too long and passed over.
  void skipped(String text) {
    received++;
    socket
        .faults()
        .refuse(
            null,
            GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, "Message too large: " + text)
                .named("MESSAGE_TOO_LARGE")
                .with("max_bytes", socket.ground().options().maxMessageBytes()));
  }

  void gone() {
    rest = null;
  }
}

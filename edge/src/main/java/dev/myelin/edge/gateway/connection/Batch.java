package dev.myelin.edge.gateway.connection;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// Messages that go out together, as one JSON array, for a client that wants them so.
///
/// Confined to the connection's event loop.
final class Batch {
  private static final int MAX_ITEMS = 100;
  private static final int MAX_BYTES = 64 * 1024;

  private final GatewaySocket socket;
  private final Duration wait;
  private final ByteArrayOutputStream items = new ByteArrayOutputStream(0);
  private int count;
  private boolean scheduled;

  /// @param wait how long a message may wait for others
  Batch(GatewaySocket socket, Duration wait) {
    this.socket = socket;
    this.wait = wait;
  }

  void add(byte[] message) {
    if (count > 0 && (count == MAX_ITEMS || items.size() + message.length + 2 > MAX_BYTES)) {
      send();
    }
    items.write(count == 0 ? '[' : ',');
    items.write(message, 0, message.length);
    count++;
    if (!scheduled) {
      scheduled = true;
      socket.later(wait, this::flush);
    }
  }

  private void flush() {
    scheduled = false;
    send();
    socket.out().flushNow();
  }

  /// Hands over what waits.
  void send() {
    if (count > 0) {
      items.write(']');
      byte[] all = items.toByteArray();
      items.reset();
      count = 0;
      socket.out().put(OutFrame.lasting(all));
    }
  }
}

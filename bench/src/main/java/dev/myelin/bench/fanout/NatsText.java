package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// What a NATS server writes in one WebSocket message: lines, and behind each `MSG subject sid
/// length` the payload and an empty line.
final class NatsText {
  static final String SUBJECT = "bench";

  private NatsText() {}

  /// Hands on the payload of each message.
  static void payloads(ByteBuffer text, Consumer<ByteBuffer> listener) {
    int at = 0;
    while (at < text.limit()) {
      int end = at;
      while (end < text.limit() && text.get(end) != '\r') {
        end++;
      }
      int next = end + 2;
      if (text.get(at) == 'M') {
        int length = lastNumber(text, end);
        if (next + length > text.limit()) {
          throw new LoadFailure("the NATS server cut a message in two");
        }
        listener.accept(text.slice(next, length));
        next += length + 2;
      }
      at = next;
    }
  }

  private static int lastNumber(ByteBuffer text, int end) {
    int number = 0;
    int digit = 1;
    for (int i = end - 1; text.get(i) >= '0' && text.get(i) <= '9'; i--) {
      number += digit * (text.get(i) - '0');
      digit *= 10;
    }
    return number;
  }

  /// Whether the server asks, in any of the lines, whether the client is there.
  static boolean isPing(ByteBuffer text) {
    boolean line = true;
    for (int i = 0; i + 1 < text.limit(); i++) {
      if (line && text.get(i) == 'P' && text.get(i + 1) == 'I') {
        return true;
      }
      line = text.get(i) == '\n';
    }
    return false;
  }
}

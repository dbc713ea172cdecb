package dev.myelin.edge.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Declines the upgrade from HTTP/1.1 to HTTP/2 without TLS, which RFC 9113 has withdrawn: clients
/// that ask for it (the JDK's does by default) may lose an answer that comes together with the 101.
/// They go on with HTTP/1.1. HTTP/2 with prior knowledge, as gRPC uses it, is not concerned.
final class PlainUpgrade {
  private static final byte[] NAME = "\r\nupgrade:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUE = "h2c".getBytes(StandardCharsets.US_ASCII);

  private PlainUpgrade() {}

  /// Renames the header in bytes of a request's head, so that nobody behind sees it. What follows
  /// the head is a body, which is not touched.
  ///
  /// @param end the index behind the head, or behind what has come of it
  /// @return whether it was there
  static boolean decline(ByteBuf head, int end) {
    int last = end - NAME.length - VALUE.length;
    for (int at = head.readerIndex(); at <= last; at++) {
      if (head.getByte(at) == '\r'
          && is(head, at, NAME)
          && asksForIt(head, at + NAME.length, end)) {
        head.setByte(at + 2, 'x');
        return true;
      }
    }
    return false;
  }

  private static boolean asksForIt(ByteBuf head, int from, int end) {
    int at = from;
    while (at < end && head.getByte(at) == ' ') {
      at++;
    }
    return at + VALUE.length <= end && is(head, at, VALUE);
  }

  /// Whether there is a text, in letters of either case.
  private static boolean is(ByteBuf head, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      byte found = head.getByte(at + i);
      boolean upper = found >= 'A' && found <= 'Z';
      if ((upper ? found + ('a' - 'A') : found) != text[i]) {
        return false;
      }
    }
    return true;
  }
}

package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One gRPC call on an HTTP/2 connection (RFC 9113) that carries nothing else.
///
/// Just enough of a client: one stream, header fields as literals (RFC 7541), flow control of what
/// is sent; what is received has windows so large that they are seldom renewed. One writer, one
/// reader.
final class Http2Call {
  private static final int FRAME_HEADER = 9;
  private static final int MAX_PAYLOAD = 16_384;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final int STREAM = 1;
  private static final int RENEW_AFTER = 1 << 30;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int ENABLE_PUSH = 2;
  private static final int INITIAL_WINDOW = 4;

  private final Wire wire;
  private final Object windows = new Object();
  private long connectionWindow = DEFAULT_WINDOW;
  private long streamWindow = DEFAULT_WINDOW;
  private long initialWindow = DEFAULT_WINDOW;
  private long received;
  private ByteBuffer partial = ByteBuffer.allocate(64 * 1024);

  private Http2Call(Wire wire) {
    this.wire = wire;
  }

  /// Begins the call: settings and request headers are sent.
  static Http2Call open(Wire wire, Target target, String path) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(4096);
    ascii(out, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    frame(out, 12, SETTINGS, 0, 0);
    out.putShort((short) ENABLE_PUSH).putInt(0);
    out.putShort((short) INITIAL_WINDOW).putInt(Integer.MAX_VALUE);
    frame(out, 4, WINDOW_UPDATE, 0, 0);
    out.putInt(Integer.MAX_VALUE - DEFAULT_WINDOW);
    ByteBuffer fields = fields(target, path);
    frame(out, fields.remaining(), HEADERS, END_HEADERS, STREAM);
    out.put(fields);
    wire.write(out.flip());
    return new Http2Call(wire);
  }

  private static ByteBuffer fields(Target target, String path) {
    ByteBuffer out = ByteBuffer.allocate(2048);
    literal(out, ":method", "POST");
    literal(out, ":scheme", "http");
    literal(out, ":path", path);
    literal(out, ":authority", target.host() + ":" + target.port());
    literal(out, "content-type", "application/grpc");
    literal(out, "te", "trailers");
    if (target.apiKey() != null) {
      literal(out, "authorization", "Bearer " + target.apiKey());
    }
    return out.flip();
  }

  /// A field that no table remembers, with a new name.
  private static void literal(ByteBuffer out, String name, String value) {
    out.put((byte) 0);
    text(out, name);
    text(out, value);
  }

  private static void text(ByteBuffer out, String text) {
    int length = text.length();
    if (length < 127) {
      out.put((byte) length);
    } else {
      out.put((byte) 127);
      int left = length - 127;
      for (; left >= 128; left >>>= 7) {
        out.put((byte) ((left & 127) | 128));
      }
      out.put((byte) left);
    }
    ascii(out, text);
  }

  private static void ascii(ByteBuffer out, String text) {
    out.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void frame(ByteBuffer out, int length, int type, int flags, int stream) {
    out.put((byte) (length >>> 16)).putShort((short) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  /// Frames a message with its prefix; false, with nothing written, if the buffer or a window has
  /// no room.
  boolean put(ByteBuffer message, ByteBuffer out) {
    int length = message.remaining();
    int frames = (length + MAX_PAYLOAD - 1) / MAX_PAYLOAD;
    if (out.remaining() < length + frames * FRAME_HEADER) {
      return false;
    }
    synchronized (windows) {
      if (Math.min(connectionWindow, streamWindow) < length) {
        return false;
      }
      connectionWindow -= length;
      streamWindow -= length;
    }
    while (message.hasRemaining()) {
      int part = Math.min(message.remaining(), MAX_PAYLOAD);
      frame(out, part, DATA, 0, STREAM);
      out.put(message.slice(message.position(), part));
      message.position(message.position() + part);
    }
    return true;
  }

  /// Hands on all complete messages of what was read.
  void take(ByteBuffer in, Receiver receiver) throws IOException {
    while (in.remaining() >= FRAME_HEADER) {
      int start = in.position();
      int length = ((in.get(start) & 0xFF) << 16) | (in.getShort(start + 1) & 0xFFFF);
      if (in.remaining() < FRAME_HEADER + length) {
        return;
      }
      int type = in.get(start + 3);
      int flags = in.get(start + 4);
      int stream = in.getInt(start + 5);
      ByteBuffer payload = in.slice(start + FRAME_HEADER, length);
      in.position(start + FRAME_HEADER + length);
      switch (type) {
        case DATA -> data(payload, receiver);
        case SETTINGS -> settings(payload, flags);
        case PING -> answer(PING, flags, payload);
        case WINDOW_UPDATE -> widen(stream, payload.getInt());
        case RESET -> throw new LoadFailure("the server reset the call: error " + payload.getInt());
        case GO_AWAY ->
            throw new LoadFailure("the server ends the connection: error " + payload.getInt(4));
        default -> {}
      }
      if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
        throw new LoadFailure(
            "the server ended the call: " + StandardCharsets.ISO_8859_1.decode(payload.rewind()));
      }
    }
  }

  private void data(ByteBuffer payload, Receiver receiver) throws IOException {
    received += payload.remaining();
    if (received > RENEW_AFTER) {
      renew();
    }
    if (partial.position() == 0) {
      deframe(payload, receiver);
    }
    if (payload.hasRemaining()) {
      if (partial.remaining() < payload.remaining()) {
        partial = ByteBuffer.allocate(partial.position() + payload.remaining()).put(partial.flip());
      }
      partial.put(payload).flip();
      deframe(partial, receiver);
      partial.compact();
    }
  }

  private static void deframe(ByteBuffer bytes, Receiver receiver) throws IOException {
    while (bytes.remaining() >= 5) {
      int length = bytes.getInt(bytes.position() + 1);
      if (bytes.remaining() < 5 + length) {
        return;
      }
      receiver.message(bytes.slice(bytes.position() + 5, length));
      bytes.position(bytes.position() + 5 + length);
    }
  }

  private void renew() throws IOException {
    ByteBuffer out = ByteBuffer.allocate(2 * (FRAME_HEADER + 4));
    frame(out, 4, WINDOW_UPDATE, 0, 0);
    out.putInt((int) received);
    frame(out, 4, WINDOW_UPDATE, 0, STREAM);
    out.putInt((int) received);
    wire.write(out.flip());
    received = 0;
  }

  private void settings(ByteBuffer payload, int flags) throws IOException {
    if ((flags & ACK) != 0) {
      return;
    }
    while (payload.remaining() >= 6) {
      int name = payload.getShort();
      int value = payload.getInt();
      if (name == INITIAL_WINDOW) {
        synchronized (windows) {
          streamWindow += value - initialWindow;
          initialWindow = value;
        }
      }
    }
    answer(SETTINGS, flags, payload);
  }

  private void answer(int type, int flags, ByteBuffer payload) throws IOException {
    if ((flags & ACK) == 0) {
      ByteBuffer out = ByteBuffer.allocate(FRAME_HEADER + payload.remaining());
      frame(out, payload.remaining(), type, ACK, 0);
      wire.write(out.put(payload).flip());
    }
  }

  private void widen(int stream, int by) {
    synchronized (windows) {
      if (stream == 0) {
        connectionWindow += by;
      } else {
        streamWindow += by;
      }
    }
  }

  /// Gets each message, without its prefix; it is good until the method returns.
  @FunctionalInterface
  interface Receiver {
    void message(ByteBuffer message) throws IOException;
  }
}

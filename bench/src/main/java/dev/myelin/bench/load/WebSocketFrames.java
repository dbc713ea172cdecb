package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The client's side of a WebSocket (RFC 6455), masked with zeros so that masking costs nothing.
///
/// One writer, one reader.
public final class WebSocketFrames {
  static final int TEXT = 1;
  static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int MASK_BYTES = 4;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MAX_HEADER = 14;
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Wire wire;

  private WebSocketFrames(Wire wire) {
    this.wire = wire;
  }

  /// Upgrades a connection.
  public static WebSocketFrames open(Wire wire, Target target, String path) throws IOException {
    String key = Base64.getEncoder().encodeToString(new byte[16]);
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + target.host()
            + ":"
            + target.port()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: "
            + key
            + (target.apiKey() == null ? "" : "\r\nAuthorization: Bearer " + target.apiKey())
            + "\r\n\r\n";
    wire.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    int end;
    while ((end = headEnd(wire.in())) < 0) {
      wire.read();
    }
    byte[] head = new byte[end];
    wire.in().get(head);
    String status = new String(head, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    if (!status.startsWith("HTTP/1.1 101")) {
      throw new LoadFailure("the server did not open a WebSocket: " + status);
    }
    return new WebSocketFrames(wire);
  }

  private static int headEnd(ByteBuffer in) {
    for (int i = in.position(); i + HEAD_END.length <= in.limit(); i++) {
      int matched = 0;
      while (matched < HEAD_END.length && in.get(i + matched) == HEAD_END[matched]) {
        matched++;
      }
      if (matched == HEAD_END.length) {
        return i + matched - in.position();
      }
    }
    return -1;
  }

  /// Writes a message at once.
  public void send(String text) throws IOException {
    send(TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  void send(int kind, ByteBuffer payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(payload.remaining() + MAX_HEADER);
    put(kind, payload, frame);
    wire.write(frame.flip());
  }

  /// Frames a message; false, with nothing written, if there is no room.
  boolean put(int kind, ByteBuffer payload, ByteBuffer out) {
    int length = payload.remaining();
    if (out.remaining() < length + MAX_HEADER) {
      return false;
    }
    out.put((byte) (FIN | kind));
    if (length < LENGTH_16) {
      out.put((byte) (MASKED | length));
    } else if (length <= 0xFFFF) {
      out.put((byte) (MASKED | LENGTH_16)).putShort((short) length);
    } else {
      out.put((byte) (MASKED | LENGTH_64)).putLong(length);
    }
    for (int i = 0; i < MASK_BYTES; i++) {
      out.put((byte) 0);
    }
    out.put(payload);
    return true;
  }

  /// The next message, or null if it is not all here yet.
  ///
  /// @throws LoadFailure if the server closes
  public @Nullable ByteBuffer next(ByteBuffer in) throws IOException {
    while (true) {
      int start = in.position();
      int length = length(in);
      if (length < 0) {
        in.position(start);
        return null;
      }
      int kind = in.get(start) & 0x0F;
      ByteBuffer payload = in.slice(in.position(), length);
      in.position(in.position() + length);
      switch (kind) {
        case TEXT, BINARY -> {
          return payload;
        }
        case PING -> send(PONG, payload);
        case CLOSE ->
            throw new LoadFailure(
                "the server closed the WebSocket: "
                    + (length > 2 ? StandardCharsets.UTF_8.decode(payload.position(2)) : ""));
        default -> {}
      }
    }
  }

  /// Reads a frame's header; -1 if the frame is not all here.
  private static int length(ByteBuffer in) {
    if (in.remaining() < 2) {
      return -1;
    }
    in.get();
    long length = in.get() & 0x7F;
    if (length == LENGTH_16) {
      if (in.remaining() < Short.BYTES) {
        return -1;
      }
      length = in.getShort() & 0xFFFF;
    } else if (length == LENGTH_64) {
      if (in.remaining() < Long.BYTES) {
        return -1;
      }
      length = in.getLong();
    }
    return in.remaining() < length ? -1 : (int) length;
  }
}

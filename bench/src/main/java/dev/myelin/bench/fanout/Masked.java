package dev.myelin.bench.fanout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Frames of a client, masked with zeros so that masking costs nothing.
final class Masked {
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int TEXT = 1;
  private static final int PONG = 10;
  private static final int LENGTH_16 = 126;
  private static final int MASK_BYTES = 4;

  private Masked() {}

  /// A message of less than 64 KiB.
  static ByteBuffer text(String text) {
    return frame(TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The answer to a ping.
  static ByteBuffer pong(ByteBuffer payload) {
    return frame(PONG, payload);
  }

  private static ByteBuffer frame(int opcode, ByteBuffer payload) {
    int length = payload.remaining();
    ByteBuffer frame = ByteBuffer.allocate(2 + Short.BYTES + MASK_BYTES + length);
    frame.put((byte) (FIN | opcode));
    if (length < LENGTH_16) {
      frame.put((byte) (MASKED | length));
    } else {
      frame.put((byte) (MASKED | LENGTH_16)).putShort((short) length);
    }
    return frame.putInt(0).put(payload).flip();
  }
}

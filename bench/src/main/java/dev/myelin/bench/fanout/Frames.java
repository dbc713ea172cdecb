package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import java.nio.ByteBuffer;

/// The frames that a server writes on one WebSocket, cut out of what comes in.
///
/// What a read leaves unfinished is kept until the next one.
final class Frames {
  private static final int OPCODE = 0x0F;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// Hears of whole frames.
  interface Listener {
    /// A frame; the buffer is used again when this returns.
    void frame(int opcode, ByteBuffer payload);
  }

  private ByteBuffer unfinished = NOTHING;

  /// Takes in what a read gave, between position and limit.
  void take(ByteBuffer read, Listener listener) {
    ByteBuffer all = read;
    if (unfinished.hasRemaining()) {
      all = ByteBuffer.allocate(unfinished.remaining() + read.remaining());
      all.put(unfinished).put(read).flip();
    }
    while (next(all, listener)) {
      // the listener has it
    }
    unfinished = all.hasRemaining() ? copy(all) : NOTHING;
  }

  private static ByteBuffer copy(ByteBuffer rest) {
    return ByteBuffer.allocate(rest.remaining()).put(rest).flip();
  }

  private static boolean next(ByteBuffer in, Listener listener) {
    int start = in.position();
    if (in.remaining() < 2) {
      return false;
    }
    int opcode = in.get() & OPCODE;
    long length = in.get() & 0xFF;
    int more = length == LENGTH_16 ? Short.BYTES : length == LENGTH_64 ? Long.BYTES : 0;
    if (in.remaining() < more) {
      in.position(start);
      return false;
    }
    if (more == Short.BYTES) {
      length = in.getShort() & 0xFFFF;
    } else if (more == Long.BYTES) {
      length = in.getLong();
    }
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new LoadFailure("the server began a frame of " + length + " bytes");
    }
    if (in.remaining() < length) {
      in.position(start);
      return false;
    }
    listener.frame(opcode, in.slice(in.position(), (int) length));
    in.position(in.position() + (int) length);
    return true;
  }
}

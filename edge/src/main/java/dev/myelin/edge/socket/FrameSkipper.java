package dev.myelin.edge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// Takes frames that are too long out of what a client sends, without keeping any of their bytes:
/// in the place of each comes [Word#SKIPPED], then an empty frame that ends the message where the
/// long one would have. All else goes through as it came.
///
/// A frame so long that nobody can have meant it is left to the decoder, which refuses it.
final class FrameSkipper extends ChannelInboundHandlerAdapter {
  /// Told before the frame that stands for one that was left out.
  enum Word {
    SKIPPED
  }

  private static final int MOST_TIMES = 16;
  private static final int MAX_HEADER_BYTES = 14;
  private static final int MASK_BYTES = 4;
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int CONTROL = 0x8;

  private final long maxBytes;

  /// Bytes of the current frame that go through, or are left out.
  private long left;

  private boolean skipping;

  /// The beginning of a header whose end has not come yet.
  private byte @Nullable [] header;

  private int headerLength;

  FrameSkipper(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    try {
      int start = bytes.readerIndex(); // of what goes through and was not handed on yet
      while (bytes.isReadable()) {
        if (left > 0) {
          int now = (int) Math.min(left, bytes.readableBytes());
          bytes.skipBytes(now);
          left -= now;
          if (skipping) {
            start = bytes.readerIndex();
            skipping = left > 0;
          }
        } else {
          start = header(context, bytes, start);
        }
      }
      pass(context, bytes, start, bytes.readerIndex());
    } finally {
      bytes.release();
    }
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes, int from, int to) {
    if (to > from) {
      context.fireChannelRead(bytes.retainedSlice(from, to - from));
    }
  }

  /// Reads a header, or what has come of it.
  ///
  /// @return where what goes through begins
  private int header(ChannelHandlerContext context, ByteBuf bytes, int start) {
    int begin = bytes.readerIndex();
    int known = headerLength;
    int size = headerSize(bytes, begin);
    if (size < 0) {
      keep(bytes);
      pass(context, bytes, start, begin);
      return bytes.readerIndex();
    }
    byte[] whole = new byte[size];
    if (header != null) {
      System.arraycopy(header, 0, whole, 0, known);
    }
    bytes.readBytes(whole, known, size - known);
    header = null;
    headerLength = 0;
    left = length(whole);
    boolean control = (whole[0] & CONTROL) != 0;
    if (left > maxBytes && left <= MOST_TIMES * maxBytes && !control) {
      pass(context, bytes, start, begin);
      skipping = true;
      context.fireUserEventTriggered(Word.SKIPPED);
      context.fireChannelRead(empty(whole[0]));
      return bytes.readerIndex();
    }
    if (known > 0) {
      context.fireChannelRead(Unpooled.wrappedBuffer(whole));
      return bytes.readerIndex();
    }
    return start;
  }

  /// The header's byte at a place, whether it was kept or is among the new ones; -1 if it is not
  /// there yet.
  private int at(ByteBuf bytes, int begin, int place) {
    if (header != null && place < headerLength) {
      return header[place] & 0xff;
    }
    int index = begin + place - headerLength;
    return index < bytes.writerIndex() ? bytes.getUnsignedByte(index) : -1;
  }

  /// How many bytes the header has, -1 if they are not all there yet.
  private int headerSize(ByteBuf bytes, int begin) {
    int second = at(bytes, begin, 1);
    if (second < 0) {
      return -1;
    }
    int extended = (second & LENGTH) == 126 ? 2 : (second & LENGTH) == 127 ? 8 : 0;
    int size = 2 + extended + ((second & MASKED) == 0 ? 0 : MASK_BYTES);
    return at(bytes, begin, size - 1) < 0 ? -1 : size;
  }

  private void keep(ByteBuf bytes) {
    byte[] kept = header == null ? new byte[MAX_HEADER_BYTES] : header;
    int more = bytes.readableBytes();
    bytes.readBytes(kept, headerLength, more);
    headerLength += more;
    header = kept;
  }

  private static long length(byte[] header) {
    int bits = header[1] & LENGTH;
    int more = bits == 126 ? 2 : bits == 127 ? 8 : 0;
    long length = more == 0 ? bits : 0;
    for (int i = 0; i < more; i++) {
      length = (length << 8) | (header[2 + i] & 0xff);
    }
    return length < 0 ? Long.MAX_VALUE : length;
  }

  /// An empty frame of the same kind, uncompressed, with a mask that masks nothing.
  private static ByteBuf empty(byte first) {
    int kind = first & (FINAL | OPCODE);
    return Unpooled.wrappedBuffer(new byte[] {(byte) kind, (byte) MASKED, 0, 0, 0, 0});
  }
}

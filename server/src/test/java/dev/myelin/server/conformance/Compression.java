package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Messages compressed as RFC 7692 says, each for itself.
final class Compression {
  static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";

  /// What a flushed block ends with and a message leaves out (section 7.2.1).
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private Compression() {}

  static byte[] deflate(byte[] message) {
    return deflate(message, Deflater.DEFAULT_COMPRESSION);
  }

  /// @param level 0 to 9
  static byte[] deflate(byte[] message, int level) {
    byte[] flushed = run(message, level, Deflater.SYNC_FLUSH);
    return Arrays.copyOf(flushed, flushed.length - TAIL.length);
  }

  /// As two blocks (section 7.2.3.5).
  static byte[] twoBlocks(byte[] message) {
    int half = message.length / 2;
    byte[] first = run(Arrays.copyOf(message, half), 9, Deflater.FULL_FLUSH);
    byte[] second = deflate(Arrays.copyOfRange(message, half, message.length), 9);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// As a block that says it is the last (section 7.2.3.4).
  static byte[] lastBlock(byte[] message) {
    byte[] blocks = run(message, 9, Deflater.NO_FLUSH);
    return Arrays.copyOf(blocks, blocks.length + 1); // an empty block, so that the tail can follow
  }

  private static byte[] run(byte[] message, int level, int flush) {
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setInput(message);
      if (flush == Deflater.NO_FLUSH) {
        deflater.finish();
      }
      byte[] out = new byte[message.length + 1_024];
      return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, flush));
    }
  }

  /// The text of a frame that is a whole message.
  static String text(Frame frame) {
    return frame.compressed()
        ? new String(inflate(frame.payload()), StandardCharsets.UTF_8)
        : frame.text();
  }

  private static byte[] inflate(byte[] payload) {
    try (Inflater inflater = new Inflater(true)) {
      byte[] whole = Arrays.copyOf(payload, payload.length + TAIL.length);
      System.arraycopy(TAIL, 0, whole, payload.length, TAIL.length);
      inflater.setInput(whole);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8 * 1_024];
      int length = inflater.inflate(buffer);
      while (length > 0) {
        out.write(buffer, 0, length);
        length = inflater.inflate(buffer);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new AssertionError("the server's message cannot be inflated", e);
    }
  }
}

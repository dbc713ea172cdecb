package dev.myelin.server.command;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads lines of UTF-8 of bounded length. One thread.
final class LineReader implements Closeable {
  /// Room for a text of 64 KiB and an embedding of 4 096 numbers, written out at length.
  static final int MAX_LINE_BYTES = 1024 * 1024;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private long number;
  private long bytes;
  private boolean ended;

  LineReader(InputStream in) {
    this.in = in;
  }

  /// The number of the line that was read last, from 1.
  long number() {
    return number;
  }

  /// How many bytes were read.
  long bytes() {
    return bytes;
  }

  /// The next line without its end, or null at the end of the input.
  ///
  /// @throws BadLine if it is too long or no UTF-8; the next call goes on behind it
  @Nullable String next() throws IOException, BadLine {
    int length = find();
    if (length < 0) {
      return null;
    }
    number++;
    if (length > MAX_LINE_BYTES) {
      skip();
      throw new BadLine("longer than " + MAX_LINE_BYTES + " bytes (expected: one observation)");
    }
    int from = start;
    start += Math.min(length + 1, end - start);
    int until = from + length;
    if (until > from && buffer[until - 1] == '\r') {
      until--;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(buffer, from, until - from))
          .toString();
    } catch (CharacterCodingException _) {
      throw new BadLine("not UTF-8");
    }
  }

  /// The length of the line at the start of the buffer; -1 at the end, more than the bound if it is
  /// longer than that.
  private int find() throws IOException {
    int looked = start;
    while (true) {
      for (int i = looked; i < end; i++) {
        if (buffer[i] == '\n') {
          return i - start;
        }
      }
      if (end - start > MAX_LINE_BYTES) {
        return end - start;
      }
      int seen = end - start;
      if (ended || !fill()) {
        return seen == 0 ? -1 : seen;
      }
      looked = start + seen;
    }
  }

  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      ended = true;
      return false;
    }
    end += count;
    bytes += count;
    return true;
  }

  /// Drops what is left of a line that is too long.
  private void skip() throws IOException {
    while (true) {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\n') {
          start = i + 1;
          return;
        }
      }
      start = 0;
      end = 0;
      if (ended || !fill()) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Cuts a body into messages: each a flag (1: compressed), a length of four bytes, and its bytes.
///
/// Keeps at most one message and one chunk. A message is read in place, between [#offset()] and
/// `offset + length`, until the next call.
final class Deframer {
  static final int HEADER = 5;

  private static final int KEPT = 64 * 1024;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final int maxMessageBytes;
  private byte[] bytes = {};
  private int start;
  private int end;
  private int offset;
  private int length;
  private boolean compressed;

  Deframer(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  void add(Buffer chunk) {
    int size = chunk.length();
    if (end + size > bytes.length) {
      makeRoom(size);
    }
    chunk.getBytes(0, size, bytes, end);
    end += size;
  }

  private void makeRoom(int size) {
    int held = end - start;
    byte[] target =
        held + size <= bytes.length ? bytes : new byte[Math.max(held + size, 2 * bytes.length)];
    System.arraycopy(bytes, start, target, 0, held);
    bytes = target;
    start = 0;
    end = held;
  }

  /// Moves to the next message, if it is there as a whole.
  ///
  /// @throws ServiceException MESSAGE_TOO_LARGE as soon as its length is known, INVALID_REQUEST for
  ///   a flag that does not exist
  boolean next() {
    if (end - start < HEADER) {
      return false;
    }
    int flag = bytes[start];
    long size = Integer.toUnsignedLong((int) INT.get(bytes, start + 1));
    if (flag != 0 && flag != 1) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid message frame: its flag is " + (flag & 0xff) + " (expected: 0 or 1).");
    }
    if (size > maxMessageBytes) {
      throw tooLarge(size, maxMessageBytes);
    }
    if (end - start - HEADER < size) {
      return false;
    }
    compressed = flag == 1;
    offset = start + HEADER;
    length = (int) size;
    start = offset + length;
    return true;
  }

  /// Gives a large array back when it is empty; to be called after the messages were read.
  void trim() {
    if (start == end) {
      start = 0;
      end = 0;
      if (bytes.length > KEPT) {
        bytes = new byte[] {};
      }
    }
  }

  boolean hasRest() {
    return start < end;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  boolean isCompressed() {
    return compressed;
  }

  /// A copy of the message.
  byte[] copy() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  static ServiceException tooLarge(long size, int max) {
    return new ServiceException(
        ErrorCode.MESSAGE_TOO_LARGE,
        "Message too large: "
            + size
            + " bytes (expected: at most "
            + max
            + "). Split it, or send shorter texts.");
  }
}

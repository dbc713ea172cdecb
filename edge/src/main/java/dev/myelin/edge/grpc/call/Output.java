package dev.myelin.edge.grpc.call;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Frames that wait to be sent together.
final class Output {
  private static final int INITIAL = 512;
  private static final int WORTH_PACKING = 1024;
  private static final byte PLAIN = 0;
  private static final byte PACKED = 1;
  private static final byte TRAILERS = (byte) 0x80;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = {};
  private int size;

  int size() {
    return size;
  }

  void message(MessageLite message, boolean pack) {
    int length = message.getSerializedSize();
    if (pack && length >= WORTH_PACKING) {
      frame(PACKED, Gzip.pack(message.toByteArray()));
      return;
    }
    int start = header(PLAIN, length);
    try {
      CodedOutputStream output = CodedOutputStream.newInstance(bytes, start, length);
      message.writeTo(output);
      output.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("a message was not as long as it said", e);
    }
  }

  void trailers(byte[] block) {
    frame(TRAILERS, block);
  }

  private void frame(byte flag, byte[] content) {
    System.arraycopy(
        content, 0, bytes(flag, content.length), size - content.length, content.length);
  }

  private byte[] bytes(byte flag, int length) {
    header(flag, length);
    return bytes;
  }

  /// Writes a header and reserves the content behind it, which begins where it returns.
  private int header(byte flag, int length) {
    int start = size + Deframer.HEADER;
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.max(INITIAL, 2 * bytes.length), start + length));
    }
    bytes[size] = flag;
    INT.set(bytes, size + 1, length);
    size = start + length;
    return start;
  }

  /// Takes what waits.
  Buffer take() {
    Buffer taken = Buffer.buffer(size).appendBytes(bytes, 0, size);
    size = 0;
    if (bytes.length > 64 * 1024) {
      bytes = new byte[] {};
    }
    return taken;
  }
}

package dev.myelin.memory.record;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads one record's bytes in order, little-endian; every length is checked before it is believed.
final class ByteReader {
  private final ByteBuffer bytes;

  ByteReader(byte[] payload) {
    bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
  }

  static ServiceException damaged(String what) {
    return new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "A stored memory cannot be read: " + what + ". Restore the data folder from a backup.");
  }

  private void need(int count) {
    if (bytes.remaining() < count) {
      throw damaged("it ends at byte " + bytes.limit() + " (expected: " + count + " more)");
    }
  }

  int u8() {
    need(1);
    return bytes.get() & 0xff;
  }

  int u16() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  long i64() {
    need(8);
    return bytes.getLong();
  }

  float f32() {
    need(4);
    return bytes.getFloat();
  }

  float[] floats(int count) {
    need(count * Float.BYTES);
    float[] values = new float[count];
    bytes.asFloatBuffer().get(values);
    bytes.position(bytes.position() + count * Float.BYTES);
    return values;
  }

  void skip(int count) {
    need(count);
    bytes.position(bytes.position() + count);
  }

  int varint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = u8();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw damaged("a length has more than five bytes");
  }

  /// A count of things of at least one byte each.
  private int count() {
    int count = varint();
    if (count < 0 || count > bytes.remaining()) {
      throw damaged(count + " things in " + bytes.remaining() + " bytes");
    }
    return count;
  }

  String text() {
    int length = count();
    String text = new String(bytes.array(), bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return text;
  }

  List<String> texts() {
    int count = count();
    List<String> texts = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  Map<String, String> pairs() {
    int count = count();
    Map<String, String> pairs = HashMap.newHashMap(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      pairs.put(text(), text());
    }
    return pairs;
  }

  Instant instant() {
    long seconds = i64();
    need(4);
    int nanos = bytes.getInt();
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException _) {
      throw damaged("a time of " + seconds + " s is outside of the calendar");
    }
  }

  void end() {
    if (bytes.hasRemaining()) {
      throw damaged(bytes.remaining() + " bytes after its end");
    }
  }
}

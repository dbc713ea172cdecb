package dev.myelin.memory.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes one record's bytes in order, little-endian. Starts with the room the caller foresees.
final class ByteWriter {
  private ByteBuffer bytes;

  ByteWriter(int foreseen) {
    bytes = ByteBuffer.allocate(foreseen).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      int size = Math.max(bytes.capacity() * 2, bytes.position() + count);
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }

  ByteWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  ByteWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  ByteWriter i64(long value) {
    room(8).putLong(value);
    return this;
  }

  ByteWriter f32(float value) {
    room(4).putFloat(value);
    return this;
  }

  ByteWriter floats(float[] values) {
    int size = values.length * Float.BYTES;
    ByteBuffer at = room(size);
    at.asFloatBuffer().put(values);
    at.position(at.position() + size);
    return this;
  }

  ByteWriter raw(byte[] given) {
    room(given.length).put(given);
    return this;
  }

  ByteWriter varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8(rest);
  }

  ByteWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  ByteWriter texts(List<String> texts) {
    varint(texts.size());
    texts.forEach(this::text);
    return this;
  }

  /// Pairs in order of key, so that equal maps have equal bytes.
  ByteWriter pairs(Map<String, String> pairs) {
    varint(pairs.size());
    if (pairs.size() > 1) {
      new TreeMap<>(pairs).forEach((key, value) -> text(key).text(value));
    } else {
      pairs.forEach((key, value) -> text(key).text(value));
    }
    return this;
  }

  ByteWriter instant(Instant time) {
    i64(time.getEpochSecond());
    room(4).putInt(time.getNano());
    return this;
  }

  byte[] bytes() {
    return bytes.position() == bytes.capacity()
        ? bytes.array()
        : Arrays.copyOf(bytes.array(), bytes.position());
  }
}

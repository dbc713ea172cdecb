package dev.myelin.edge.stream;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Writes JSON straight into bytes. One thread; one message after the other.
final class JsonWriter {
  private static final int MAX_KEPT_BYTES = 1 << 20;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.ISO_8859_1);

  private byte[] bytes = new byte[4_096];
  private int length;

  private long lastSecond = Long.MIN_VALUE;
  private byte[] lastSecondText = new byte[0];

  void clear() {
    length = 0;
    if (bytes.length > MAX_KEPT_BYTES) {
      bytes = new byte[4_096];
    }
  }

  /// What was written: the first [#length()] bytes, until the next write.
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  /// JSON as it is.
  JsonWriter raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    return this;
  }

  JsonWriter raw(char json) {
    reserve(1);
    bytes[length++] = (byte) json;
    return this;
  }

  JsonWriter nothing() {
    return raw(NULL);
  }

  JsonWriter text(String value) {
    reserve(3 * value.length() + 2);
    bytes[length++] = '"';
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      if (character >= ' ' && character < 0x7f && character != '"' && character != '\\') {
        bytes[length++] = (byte) character;
      } else {
        return slowText(value, i);
      }
    }
    bytes[length++] = '"';
    return this;
  }

  /// Goes on with a text that needs escapes or has characters beyond ASCII.
  private JsonWriter slowText(String value, int from) {
    for (int i = from; i < value.length(); i++) {
      char character = value.charAt(i);
      reserve(6 + 3 * (value.length() - i));
      if (character == '"' || character == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = (byte) character;
      } else if (character < ' ' || character == 0x7f) {
        escape(character);
      } else if (character < 0x80) {
        bytes[length++] = (byte) character;
      } else if (character < 0x800) {
        bytes[length++] = (byte) (0xc0 | (character >> 6));
        bytes[length++] = (byte) (0x80 | (character & 0x3f));
      } else if (!Character.isSurrogate(character)) {
        three(character);
      } else if (Character.isHighSurrogate(character)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        four(Character.toCodePoint(character, value.charAt(++i)));
      } else {
        three('\ufffd');
      }
    }
    reserve(1);
    bytes[length++] = '"';
    return this;
  }

  private void escape(char character) {
    bytes[length++] = '\\';
    switch (character) {
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[character >> 4];
        bytes[length++] = HEX[character & 0xf];
      }
    }
  }

  private void three(char character) {
    bytes[length++] = (byte) (0xe0 | (character >> 12));
    bytes[length++] = (byte) (0x80 | ((character >> 6) & 0x3f));
    bytes[length++] = (byte) (0x80 | (character & 0x3f));
  }

  private void four(int codePoint) {
    bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    bytes[length++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  JsonWriter number(long value) {
    if (value < 0) {
      return ascii(Long.toString(value));
    }
    reserve(20);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /// The shortest number that reads back as the same float; null if it is not finite.
  JsonWriter number(float value) {
    return Float.isFinite(value) ? ascii(Float.toString(value)) : nothing();
  }

  JsonWriter flag(boolean value) {
    return ascii(Boolean.toString(value));
  }

  /// A text that needs no escapes, as it is.
  private JsonWriter ascii(String value) {
    reserve(value.length());
    for (int i = 0; i < value.length(); i++) {
      bytes[length++] = (byte) value.charAt(i);
    }
    return this;
  }

  /// RFC 3339 in UTC, with as many digits of the second as milliseconds need: 0 or 3.
  JsonWriter time(Instant value) {
    if (value.getEpochSecond() != lastSecond) {
      lastSecond = value.getEpochSecond();
      String text = Instant.ofEpochSecond(lastSecond).toString();
      lastSecondText = text.substring(0, text.length() - 1).getBytes(StandardCharsets.US_ASCII);
    }
    raw('"').raw(lastSecondText);
    int millis = value.getNano() / 1_000_000;
    if (millis > 0) {
      reserve(4);
      bytes[length++] = '.';
      bytes[length++] = (byte) ('0' + millis / 100);
      bytes[length++] = (byte) ('0' + millis / 10 % 10);
      bytes[length++] = (byte) ('0' + millis % 10);
    }
    return raw('Z').raw('"');
  }
}

package dev.myelin.edge.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds bytes that are not UTF-8 (RFC 3629): overlong forms, surrogates and what lies beyond
/// U+10FFFF included.
final class Utf8 {
  static final int VALID = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /// The position of the first byte that does not belong there, or [#VALID].
  static int firstInvalid(byte[] bytes, int length) {
    int end = endOfWhole(bytes, 0, length);
    return end == length ? VALID : end;
  }

  /// The position behind the last whole character before what is no character, or not yet one.
  ///
  /// @param from where a character begins
  static int endOfWhole(byte[] bytes, int from, int length) {
    int at = from;
    while (at < length) {
      if (at + Long.BYTES <= length && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
      } else if (bytes[at] >= 0) {
        at++;
      } else {
        int size = sizeOfSequence(bytes, at, length);
        if (size == 0) {
          return at;
        }
        at += size;
      }
    }
    return at;
  }

  /// Whether the bytes from a position to the end can begin a character that they do not end.
  static boolean mayGoOn(byte[] bytes, int at, int length) {
    int lead = bytes[at] & 0xff;
    int size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    int known = length - at;
    if (known >= size) {
      return false;
    }
    if (known == 1) {
      return true;
    }
    int second = bytes[at + 1] & 0xff;
    return (size == 3 ? isSecondOfThree(lead, second) : isSecondOfFour(lead, second))
        && (known == 2 || isContinuation(bytes[at + 2] & 0xff));
  }

  /// How many bytes the character beyond ASCII at that position has, 0 if it is none.
  private static int sizeOfSequence(byte[] bytes, int at, int length) {
    int lead = bytes[at] & 0xff;
    int second = at + 1 < length ? bytes[at + 1] & 0xff : 0;
    int size;
    if (lead >= 0xc2 && lead <= 0xdf) {
      size = isContinuation(second) ? 2 : 0;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      size = isSecondOfThree(lead, second) ? 3 : 0;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      size = isSecondOfFour(lead, second) ? 4 : 0;
    } else {
      size = 0;
    }
    for (int i = 2; i < size; i++) {
      if (at + i >= length || !isContinuation(bytes[at + i] & 0xff)) {
        return 0;
      }
    }
    return size;
  }

  private static boolean isSecondOfThree(int lead, int second) {
    boolean overlong = lead == 0xe0 && second < 0xa0;
    boolean surrogate = lead == 0xed && second > 0x9f;
    return isContinuation(second) && !overlong && !surrogate;
  }

  private static boolean isSecondOfFour(int lead, int second) {
    boolean overlong = lead == 0xf0 && second < 0x90;
    boolean beyond = lead == 0xf4 && second > 0x8f;
    return isContinuation(second) && !overlong && !beyond;
  }

  private static boolean isContinuation(int value) {
    return (value & 0xc0) == 0x80;
  }
}

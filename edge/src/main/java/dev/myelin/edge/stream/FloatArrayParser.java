package dev.myelin.edge.stream;

import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a JSON array of numbers as float32 values, each exactly what [Float#parseFloat] makes of
/// it.
///
/// **How.** A number is read as a decimal significand of at most 18 digits and a power of ten.
/// Where the power is within 10^±22, one multiplication or division of doubles is off by at most
/// three units in the last place of a double; digits cut off add less than one. Rounding such a
/// double to a float gives the nearest float unless the double lies within eight units of the
/// middle between two floats. Then, about once in thirty million numbers, and wherever the result
/// would be subnormal or too large, [Float#parseFloat] decides.
///
/// **The fence.** Only what the JSON grammar calls an array of numbers is taken; at anything else
/// the parser steps back and a JSON parser says what is wrong. One thread.
public final class FloatArrayParser {
  /// The array is not one of plain numbers.
  public static final int NOT_PLAIN = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long MAX_BEFORE_ONE_MORE_DIGIT = 99_999_999_999_999_999L;
  private static final long MAX_BEFORE_EIGHT_MORE = 9_999_999_999L;
  private static final int MAX_NUMBER_BYTES = 512;
  private static final int MAX_EXPONENT = 9_999;

  /// A double has 29 bits of significand more than a float.
  private static final long BEYOND_FLOAT = (1L << 29) - 1;

  private static final long MIDDLE = 1L << 28;
  private static final long DOUBT = 8;

  private float[] values = new float[1_024];
  private int count;

  // Where the number being read ends, set by number().
  private int end;

  /// Reads the values after an opening bracket.
  ///
  /// @param from the first byte after the bracket
  /// @param limit the first byte that is not to be read
  /// @return the position of the closing bracket, or [#NOT_PLAIN]
  public int parse(byte[] bytes, int from, int limit) {
    count = 0;
    int at = skipSpace(bytes, from, limit);
    if (at < limit && bytes[at] == ']') {
      return at;
    }
    while (at < limit) {
      float value = number(bytes, at, limit);
      if (end == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      add(value);
      at = skipSpace(bytes, end, limit);
      if (at >= limit) {
        return NOT_PLAIN;
      }
      if (bytes[at] == ']') {
        return at;
      }
      if (bytes[at] != ',') {
        return NOT_PLAIN;
      }
      at = skipSpace(bytes, at + 1, limit);
    }
    return NOT_PLAIN;
  }

  /// What the last [#parse(byte[], int, int)] read; the array is the caller's.
  ///
  /// @throws ServiceException INVALID_EMBEDDING if there were more than an embedding may have
  public float[] values() {
    if (count > Embedding.MAX_DIMENSION) {
      throw new ServiceException(
          ErrorCode.INVALID_EMBEDDING,
          "Invalid embedding: it has "
              + count
              + " values (expected: 1 to "
              + Embedding.MAX_DIMENSION
              + ", and the dimension of its space).");
    }
    return Arrays.copyOf(values, count);
  }

  /// Adds a value that somebody else has read.
  void add(float value) {
    if (count < Embedding.MAX_DIMENSION) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.min(2 * count, Embedding.MAX_DIMENSION));
      }
      values[count] = value;
    }
    count++;
  }

  /// Forgets all values.
  void clear() {
    count = 0;
  }

  private static int skipSpace(byte[] bytes, int from, int limit) {
    int at = from;
    while (at < limit && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
  }

  private static boolean isDigit(int digit) {
    return digit >= 0 && digit <= 9;
  }

  /// Reads one number and sets [#end], to [#NOT_PLAIN] if it is none.
  private float number(byte[] bytes, int from, int limit) {
    int at = from;
    boolean negative = bytes[at] == '-';
    if (negative) {
      at++;
    }
    int firstDigit = at;
    long significand = 0;
    int exponent = 0;
    while (at < limit && isDigit(bytes[at] - '0')) {
      if (significand <= MAX_BEFORE_ONE_MORE_DIGIT) {
        significand = 10 * significand + (bytes[at] - '0');
      } else {
        exponent++;
      }
      at++;
    }
    if (at == firstDigit || (bytes[firstDigit] == '0' && at - firstDigit > 1)) {
      return notPlain();
    }
    if (at < limit && bytes[at] == '.') {
      int firstDecimal = ++at;
      while (at + Long.BYTES <= limit && significand <= MAX_BEFORE_EIGHT_MORE) {
        long eight = (long) LONGS.get(bytes, at);
        if (!isEightDigits(eight)) {
          break;
        }
        significand = 100_000_000L * significand + eightDigits(eight);
        exponent -= Long.BYTES;
        at += Long.BYTES;
      }
      while (at < limit && isDigit(bytes[at] - '0')) {
        if (significand <= MAX_BEFORE_ONE_MORE_DIGIT) {
          significand = 10 * significand + (bytes[at] - '0');
          exponent--;
        }
        at++;
      }
      if (at == firstDecimal) {
        return notPlain();
      }
    }
    if (at < limit && (bytes[at] | 0x20) == 'e') {
      int power = power(bytes, at + 1, limit);
      if (end == NOT_PLAIN) {
        return 0f;
      }
      exponent += power;
      at = end;
    }
    if (at - from > MAX_NUMBER_BYTES) {
      return notPlain();
    }
    end = at;
    return value(negative, significand, exponent, bytes, from);
  }

  private float notPlain() {
    end = NOT_PLAIN;
    return 0f;
  }

  /// Reads what stands after an `e` and sets [#end]; powers beyond any float are not told apart.
  private int power(byte[] bytes, int from, int limit) {
    int at = from;
    boolean negative = at < limit && bytes[at] == '-';
    if (at < limit && (bytes[at] == '-' || bytes[at] == '+')) {
      at++;
    }
    int firstDigit = at;
    int power = 0;
    while (at < limit && isDigit(bytes[at] - '0')) {
      power = Math.min(MAX_EXPONENT, 10 * power + (bytes[at] - '0'));
      at++;
    }
    end = at == firstDigit ? NOT_PLAIN : at;
    return negative ? -power : power;
  }

  private float value(boolean negative, long significand, int exponent, byte[] bytes, int from) {
    if (significand == 0) {
      return negative ? -0f : 0f;
    }
    if (exponent >= -22 && exponent <= 22) {
      double near =
          exponent < 0
              ? significand / POWERS_OF_TEN[-exponent]
              : significand * POWERS_OF_TEN[exponent];
      long doubt = (Double.doubleToRawLongBits(near) & BEYOND_FLOAT) - MIDDLE;
      if (Math.abs(doubt) > DOUBT && near >= Float.MIN_NORMAL && near < Float.MAX_VALUE) {
        return (float) (negative ? -near : near);
      }
    }
    return Float.parseFloat(new String(bytes, from, end - from, StandardCharsets.ISO_8859_1));
  }

  /// Whether all eight bytes are ASCII digits.
  private static boolean isEightDigits(long bytes) {
    return (((bytes + 0x4646464646464646L) | (bytes - 0x3030303030303030L)) & 0x8080808080808080L)
        == 0;
  }

  /// The number that eight ASCII digits stand for, the first being in the lowest byte: neighbours
  /// are joined to pairs, pairs to fours, fours to the whole.
  private static long eightDigits(long bytes) {
    long ones = bytes - 0x3030303030303030L;
    long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF00FF00FF00FFL;
    long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
    return (fours * 10_000 + (fours >>> 32)) & 0x00000000FFFFFFFFL;
  }
}

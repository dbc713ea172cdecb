package dev.myelin.memory.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.lucene.util.VectorUtil;

/// Vectors in one byte per coordinate, with the scale (float32, little-endian) in four bytes at the
/// end. Products of vectors of length 1 are off by about 0.0005.
public final class ByteCode {
  private ByteCode() {}

  public static byte[] encode(float[] unit) {
    float largest = VectorMath.FASTEST.largest(unit);
    float scale = largest == 0 ? 1f : largest / Byte.MAX_VALUE;
    byte[] code = new byte[unit.length + Float.BYTES];
    VectorMath.FASTEST.round(unit, 1 / scale, code);
    ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).putFloat(unit.length, scale);
    return code;
  }

  /// Compares one cue with many codes. One thread.
  public static final class Cue {
    private final byte[] values;
    private final float scale;
    private final byte[] other;

    public Cue(float[] unit) {
      byte[] code = encode(unit);
      values = Arrays.copyOf(code, unit.length);
      scale = scale(code, unit.length);
      other = new byte[unit.length];
    }

    private static float scale(byte[] code, int at) {
      return ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getFloat(at);
    }

    /// About the product with the vector whose code begins at `from`.
    public float dot(byte[] code, int from) {
      System.arraycopy(code, from, other, 0, other.length);
      return scale * scale(code, from + other.length) * VectorUtil.dotProduct(values, other);
    }
  }
}

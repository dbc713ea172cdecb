package dev.myelin.memory.vector;

/// The one door to vector arithmetic: SIMD where the JVM offers the Vector API (`--add-modules
/// jdk.incubator.vector`), otherwise plain loops.
///
/// The two differ by the order of their sums only, so by a few units in the last place.
public abstract sealed class Similarity permits ScalarSimilarity, SimdSimilarity {
  /// The sum of products of `a` and of the part of `b` that begins at `from` and is as long as `a`.
  public abstract float dot(float[] a, float[] b, int from);

  /// Writes a vector times a factor into `target` from `at` on.
  public abstract void scale(float[] vector, float factor, float[] target, int at);

  /// Replaces each pair of values `half` apart, from `at` on, by their sum and their difference.
  abstract void butterfly(float[] values, int at, int half);

  /// The largest magnitude of a value, 0 for none.
  abstract float largest(float[] values);

  /// Writes the nearest whole numbers of values times a factor, all within -127 and 127.
  ///
  /// @param target longer than the values by four bytes or more, which may be overwritten
  abstract void round(float[] values, float factor, byte[] target);

  /// Sets the bits of values above 0, lowest bit first; the others are left as they are.
  ///
  /// @param values a multiple of 64 of them
  /// @return the sum of the magnitudes
  abstract float signs(float[] values, long[] bits);

  /// How often bits of a group's codes meet the cue, as the sum of what they are worth.
  ///
  /// @param group the index of its first code
  /// @param worths of the cue
  /// @param overlaps filled, one for each code of the group
  abstract void overlaps(CodeBlock block, int group, byte[] worths, char[] overlaps);

  /// Makes estimates of a group's overlaps, in their place.
  ///
  /// @return which of them are over the floor, the group's first one in the lowest bit
  abstract int estimate(
      CodeBlock block, int group, BitCoder.Cue cue, float floor, float[] estimates);

  /// 1 / the Euclidean length of a vector that is not all zero.
  ///
  /// @return 0 if the length or its inverse leave the safe range of float32: use [#unit(float[])]
  ///   then
  public final float inverseLength(float[] vector) {
    float square = dot(vector, vector, 0);
    return square > 1e-24f && square < 1e30f ? (float) (1 / Math.sqrt(square)) : 0f;
  }

  /// A copy of length 1.
  public final float[] unit(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    double factor = 1 / Math.sqrt(square);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * factor);
    }
    return unit;
  }
}

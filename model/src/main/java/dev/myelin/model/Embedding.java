package dev.myelin.model;

import java.util.Arrays;

/// A vector that stands for a meaning: 1 to 4 096 finite float32 values, not all zero.
///
/// Owns its array; who reads [#values()] must not write to it.
public final class Embedding {
  public static final int MAX_DIMENSION = 4_096;

  private final float[] values;

  private Embedding(float[] values) {
    this.values = values;
  }

  /// Takes over the array, which must not be changed afterwards.
  ///
  /// @throws ServiceException INVALID_EMBEDDING if it is empty, too long, all zero, or holds NaN or
  ///   an infinity
  public static Embedding of(float[] values) {
    if (values.length == 0 || values.length > MAX_DIMENSION) {
      throw invalid(
          "it has "
              + values.length
              + " values (expected: 1 to "
              + MAX_DIMENSION
              + ", and the dimension of its space)");
    }
    boolean zero = true;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw invalid("value " + i + " is " + values[i] + " (expected: finite float32 values)");
      }
      zero &= values[i] == 0f;
    }
    if (zero) {
      throw invalid("all values are zero (expected: a vector with a direction)");
    }
    return new Embedding(values);
  }

  private static ServiceException invalid(String what) {
    return new ServiceException(
        ErrorCode.INVALID_EMBEDDING,
        "Invalid embedding: " + what + ". Send a valid one, or none and be found by words.");
  }

  public int dimension() {
    return values.length;
  }

  /// The values themselves, not a copy.
  public float[] values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Embedding[" + values.length + "]";
  }
}

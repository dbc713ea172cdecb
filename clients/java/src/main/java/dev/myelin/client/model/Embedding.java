package dev.myelin.client.model;

import java.util.Arrays;

/// A vector that stands for a meaning; may be empty. Immutable.
public final class Embedding {
  /// No meaning is known.
  public static final Embedding NONE = new Embedding(new float[0]);

  private final float[] values;

  private Embedding(float[] values) {
    this.values = values;
  }

  /// Takes over the array, which must not be changed any more.
  public static Embedding of(float[] values) {
    return values.length == 0 ? NONE : new Embedding(values);
  }

  public int dimension() {
    return values.length;
  }

  /// The values themselves, not a copy: not to be written to.
  public float[] values() {
    return values;
  }

  /// Checks that the vector points somewhere.
  ///
  /// @throws IllegalArgumentException if a value is not finite, or all are zero
  void requireDirection() {
    boolean zero = values.length > 0;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "embedding[" + i + "]: " + values[i] + " (expected: finite float32 values)");
      }
      zero &= values[i] == 0f;
    }
    if (zero) {
      throw new IllegalArgumentException("embedding: all zero (expected: a direction)");
    }
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

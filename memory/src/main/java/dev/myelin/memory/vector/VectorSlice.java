package dev.myelin.memory.vector;

/// A vector inside a longer array, which whoever holds the slice leaves unchanged.
///
/// @param at where it begins
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record VectorSlice(float[] values, int at, int dimension) {

  /// A whole array as a slice.
  public static VectorSlice of(float[] whole) {
    return new VectorSlice(whole, 0, whole.length);
  }

  /// Copies it to the beginning of another array.
  public void copyTo(float[] other) {
    System.arraycopy(values, at, other, 0, dimension);
  }
}

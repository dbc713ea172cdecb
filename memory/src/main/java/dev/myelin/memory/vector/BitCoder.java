package dev.myelin.memory.vector;

/// Makes one-bit codes of vectors around a centre, and estimates cosines from them: the signs of
/// the rotated difference from the centre, with two numbers per vector that make the estimate
/// unbiased (RaBitQ; Gao and Long, 2024). A cue is coded with four bits per coordinate.
///
/// Immutable; any thread.
public final class BitCoder {
  /// Levels of a cue's coordinate. Four bits of a code are worth 60 at most, so four such worths
  /// fit into a byte, and those of 4 096 bits into 16 bits.
  private static final int LEVELS = 15;

  /// How many bits are looked up at once.
  private static final int NIBBLE = 4;

  /// How many values they have.
  static final int WORTHS = 1 << NIBBLE;

  private final float[] centre;
  private final float centreSquare;
  private final Rotation rotation;
  private final int words;

  /// A coder for vectors of the centre's length.
  ///
  /// @param centre about the mean of the vectors; any vector works, a good one makes codes say more
  public BitCoder(float[] centre) {
    this.centre = centre.clone();
    centreSquare = VectorMath.FASTEST.dot(centre, centre, 0);
    rotation = new Rotation(centre.length);
    words = Rotation.bits(centre.length) / Long.SIZE;
  }

  public int dimension() {
    return centre.length;
  }

  /// A copy of the centre.
  public float[] centre() {
    return centre.clone();
  }

  /// How many 64-bit words a code has.
  public int words() {
    return words;
  }

  /// One vector's code.
  ///
  /// @param factor times the sum of the cue's coordinates, each with its bit's sign, estimates the
  ///   product of the two differences from the centre
  /// @param toCentre the product of vector and centre
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Code(long[] bits, float factor, float toCentre) {}

  public Code encode(float[] unit) {
    float[] rotated = rotation.rotate(fromCentre(unit));
    long[] bits = new long[words];
    float absolute = VectorMath.FASTEST.signs(rotated, bits);
    float square = VectorMath.FASTEST.dot(rotated, rotated, 0);
    float factor = absolute == 0 ? 0f : square / absolute;
    return new Code(bits, factor, VectorMath.FASTEST.dot(unit, centre, 0));
  }

  private float[] fromCentre(float[] unit) {
    float[] difference = new float[unit.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = unit[i] - centre[i];
    }
    return difference;
  }

  /// A cue in the form that is compared with codes.
  public Cue cue(float[] unit) {
    float[] rotated = rotation.rotate(fromCentre(unit));
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    float sum = 0;
    for (float value : rotated) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    float step = high > low ? (high - low) / LEVELS : 1f;
    int[] levels = new int[rotated.length];
    for (int i = 0; i < rotated.length; i++) {
      levels[i] = Math.clamp(Math.round((rotated[i] - low) / step), 0, LEVELS);
    }
    float toCentre = VectorMath.FASTEST.dot(unit, centre, 0) - centreSquare;
    return new Cue(worths(levels), 2 * step, 2 * low, -sum, toCentre);
  }

  private static byte[] worths(int[] levels) {
    byte[] worths = new byte[levels.length / NIBBLE * WORTHS];
    for (int first = 0; first < levels.length; first += NIBBLE) {
      int at = first / NIBBLE * WORTHS;
      for (int bits = 1; bits < WORTHS; bits++) {
        int level = levels[first + Integer.numberOfTrailingZeros(bits)];
        worths[at + bits] = (byte) (worths[at + (bits & (bits - 1))] + level);
      }
    }
    return worths;
  }

  /// A coded cue: the estimate for a code is `toCentre(code) + toCentre + factor(code) *
  /// (perOverlap * overlap + perBit * bits set + constant)`.
  ///
  /// @param worths for each four bits of a code, lowest first, and each of their 16 values: the sum
  ///   of the levels of the cue's coordinates where they are set
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Cue(
      byte[] worths, float perOverlap, float perBit, float constant, float toCentre) {}

  /// The mean of vectors, as a centre.
  public static float[] mean(Iterable<VectorSlice> vectors, int dimension) {
    double[] sum = new double[dimension];
    int count = 0;
    for (VectorSlice vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        sum[i] += vector.values()[vector.at() + i];
      }
      count++;
    }
    float[] mean = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = (float) (sum[i] / Math.max(1, count));
    }
    return mean;
  }
}

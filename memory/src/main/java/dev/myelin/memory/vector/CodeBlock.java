package dev.myelin.memory.vector;

/// The codes of many vectors, in the order they were added, laid out for scanning: 32 codes side by
/// side, byte by byte. Filled by one thread, then read by any.
///
/// A scan looks up what four bits of a code are worth, for many codes with one instruction (a
/// product quantiser's trick: Andre, Kermarrec and Le Scouarnec, "Quicker ADC", 2019), and adds
/// bytes, in pairs, up to shorts. So that the sums come out in order, half a register's codes lie
/// in its even bytes and the other half in its odd ones.
public final class CodeBlock {
  /// How many codes lie side by side.
  static final int GROUP = 32;

  /// How many of them are in one register of 16 bytes.
  static final int HALF = GROUP / 2;

  /// Bytes of a code.
  final int width;

  final int size;
  final byte[] codes;
  final float[] factors;

  /// Factor times the number of bits set.
  final float[] factorBits;

  final float[] toCentre;

  /// Room for that many codes of that many words.
  public CodeBlock(int words, int size) {
    this.width = words * Long.BYTES;
    this.size = size;
    int groups = (size + GROUP - 1) / GROUP;
    codes = new byte[Math.multiplyExact(groups * GROUP, width)];
    factors = new float[groups * GROUP];
    factorBits = new float[groups * GROUP];
    toCentre = new float[groups * GROUP];
  }

  public int size() {
    return size;
  }

  /// About how much memory it takes.
  public long bytes() {
    return codes.length + 12L * factors.length;
  }

  public void set(int index, long[] bits, float factor, float centreProduct) {
    int at = index / GROUP * GROUP * width + lane(index % GROUP);
    int ones = 0;
    for (int i = 0; i < width; i++) {
      codes[at + i * GROUP] = (byte) (bits[i >>> 3] >>> (i << 3));
    }
    for (int word = 0; word < width / Long.BYTES; word++) {
      ones += Long.bitCount(bits[word]);
    }
    factors[index] = factor;
    toCentre[index] = centreProduct;
    factorBits[index] = factor * ones;
  }

  /// The byte that a code of a group has among those side by side.
  static int lane(int code) {
    int inHalf = code % HALF;
    int shorts = HALF / 2;
    return code - inHalf + (inHalf < shorts ? 2 * inHalf : 2 * (inHalf - shorts) + 1);
  }

  /// Receives an estimate.
  public interface Visitor {
    /// Takes the estimate of a code, if it is over the floor; returns the floor from now on.
    float visit(int index, float estimate);
  }

  /// Estimates the cosine of a cue to each code.
  ///
  /// @param floor estimates not over it are not visited
  /// @return the last floor the visitor gave
  public float scan(BitCoder.Cue cue, float floor, Visitor visitor) {
    char[] overlaps = new char[GROUP];
    float[] estimates = new float[GROUP];
    float least = floor;
    for (int group = 0; group < size; group += GROUP) {
      VectorMath.FASTEST.overlaps(this, group, cue.worths(), overlaps);
      for (int i = 0; i < GROUP; i++) {
        estimates[i] = overlaps[i];
      }
      int over = VectorMath.FASTEST.estimate(this, group, cue, least, estimates);
      while (over != 0) {
        int i = Integer.numberOfTrailingZeros(over);
        over &= over - 1;
        if (estimates[i] > least && group + i < size) {
          least = visitor.visit(group + i, estimates[i]);
        }
      }
    }
    return least;
  }
}

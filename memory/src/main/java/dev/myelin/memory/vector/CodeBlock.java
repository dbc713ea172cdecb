package dev.myelin.memory.vector;

/// The codes of many vectors, in the order they were added, laid out for scanning: eight codes side
/// by side, word by word. Filled by one thread, then read by any.
public final class CodeBlock {
  /// How many codes lie side by side.
  static final int GROUP = 8;

  final int words;
  final int size;
  final long[] codes;
  final float[] factors;

  /// Factor times the number of bits set.
  final float[] factorBits;

  final float[] toCentre;

  /// Room for that many codes of that many words.
  public CodeBlock(int words, int size) {
    this.words = words;
    this.size = size;
    int groups = (size + GROUP - 1) / GROUP;
    codes = new long[Math.multiplyExact(groups * GROUP, words)];
    factors = new float[groups * GROUP];
    factorBits = new float[groups * GROUP];
    toCentre = new float[groups * GROUP];
  }

  public int size() {
    return size;
  }

  /// About how much memory it takes.
  public long bytes() {
    return 8L * codes.length + 12L * factors.length;
  }

  public void set(int index, long[] bits, float factor, float centreProduct) {
    int at = index / GROUP * GROUP * words + index % GROUP;
    int ones = 0;
    for (int word = 0; word < words; word++) {
      codes[at + word * GROUP] = bits[word];
      ones += Long.bitCount(bits[word]);
    }
    factors[index] = factor;
    toCentre[index] = centreProduct;
    factorBits[index] = factor * ones;
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
    float[] estimates = new float[GROUP];
    float least = floor;
    int start = VectorMath.FASTEST.seek(this, 0, cue, least, estimates);
    while (start < size) {
      int end = Math.min(GROUP, size - start);
      for (int lane = 0; lane < end; lane++) {
        if (estimates[lane] > least) {
          least = visitor.visit(start + lane, estimates[lane]);
        }
      }
      start = VectorMath.FASTEST.seek(this, start + GROUP, cue, least, estimates);
    }
    return least;
  }
}

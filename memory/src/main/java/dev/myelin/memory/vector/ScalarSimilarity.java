package dev.myelin.memory.vector;

/// Plain loops: the reference, and what runs where there is no Vector API.
final class ScalarSimilarity extends Similarity {
  @Override
  public float dot(float[] a, float[] b, int from) {
    float even = 0;
    float odd = 0;
    int last = a.length - 1;
    for (int i = 0; i < last; i += 2) {
      even = Math.fma(a[i], b[from + i], even);
      odd = Math.fma(a[i + 1], b[from + i + 1], odd);
    }
    return (a.length & 1) == 0 ? even + odd : even + odd + a[last] * b[from + last];
  }

  @Override
  public void scale(float[] vector, float factor, float[] target, int at) {
    for (int i = 0; i < vector.length; i++) {
      target[at + i] = vector[i] * factor;
    }
  }

  @Override
  void overlaps(CodeBlock block, int group, byte[] worths, char[] overlaps) {
    for (int code = 0; code < CodeBlock.GROUP; code++) {
      int at = group * block.width + CodeBlock.lane(code);
      int sum = 0;
      for (int i = 0; i < block.width; i++, at += CodeBlock.GROUP) {
        int low = block.codes[at] & 0xf;
        int high = (block.codes[at] & 0xf0) >>> 4;
        sum += worths[2 * i * BitCoder.WORTHS + low];
        sum += worths[(2 * i + 1) * BitCoder.WORTHS + high];
      }
      overlaps[code] = (char) sum;
    }
  }

  @Override
  int estimate(CodeBlock block, int group, BitCoder.Cue cue, float floor, float[] estimates) {
    int over = 0;
    for (int i = 0; i < CodeBlock.GROUP; i++) {
      int at = group + i;
      float known = block.toCentre[at] + cue.toCentre() + cue.perBit() * block.factorBits[at];
      float sum = cue.perOverlap() * estimates[i] + cue.constant();
      estimates[i] = known + block.factors[at] * sum;
      over |= estimates[i] > floor ? 1 << i : 0;
    }
    return over;
  }

  @Override
  void butterfly(float[] values, int at, int half) {
    for (int i = at; i < at + half; i++) {
      float a = values[i];
      float b = values[i + half];
      values[i] = a + b;
      values[i + half] = a - b;
    }
  }

  @Override
  float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Override
  void round(float[] values, float factor, byte[] target) {
    for (int i = 0; i < values.length; i++) {
      target[i] = rounded(values[i] * factor);
    }
  }

  /// Halves go away from zero.
  static byte rounded(float value) {
    return (byte) (value + Math.copySign(0.5f, value));
  }

  @Override
  float signs(float[] values, long[] bits) {
    float sum = 0;
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      sum += Math.abs(value);
      if (value > 0) {
        bits[i >>> 6] |= 1L << i;
      }
    }
    return sum;
  }
}

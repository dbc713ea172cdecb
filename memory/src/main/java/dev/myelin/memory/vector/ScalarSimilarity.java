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
  int seek(CodeBlock block, int start, BitCoder.Cue cue, float floor, float[] estimates) {
    for (int group = start; group < block.size; group += CodeBlock.GROUP) {
      boolean found = false;
      for (int lane = 0; lane < CodeBlock.GROUP; lane++) {
        int index = group + lane;
        float known =
            block.toCentre[index] + cue.toCentre() + cue.perBit() * block.factorBits[index];
        float sum = cue.perOverlap() * overlap(block, group, lane, cue.planes()) + cue.constant();
        estimates[lane] = known + block.factors[index] * sum;
        found |= estimates[lane] > floor;
      }
      if (found) {
        return group;
      }
    }
    return block.size;
  }

  /// How often a bit of a code meets a bit of the cue's planes, a bit of plane p counting 2^p.
  private static float overlap(CodeBlock block, int group, int lane, long[] planes) {
    long sum = 0;
    int at = group * block.words + lane;
    for (int i = 0; i < planes.length; i += BitCoder.PLANES, at += CodeBlock.GROUP) {
      long code = block.codes[at];
      sum +=
          Long.bitCount(code & planes[i])
              + 2L * Long.bitCount(code & planes[i + 1])
              + 4L * Long.bitCount(code & planes[i + 2])
              + 8L * Long.bitCount(code & planes[i + 3]);
    }
    return sum;
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

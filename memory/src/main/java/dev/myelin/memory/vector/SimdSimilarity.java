package dev.myelin.memory.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The Vector API, four sums at a time so that the additions do not wait for one another.
final class SimdSimilarity extends Similarity {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  // Codes lie eight side by side, so lanes beyond eight would be of no use.
  private static final VectorSpecies<Long> LONGS =
      LongVector.SPECIES_PREFERRED.length() > CodeBlock.GROUP
          ? LongVector.SPECIES_512
          : LongVector.SPECIES_PREFERRED;
  // As many floats as there are longs.
  private static final VectorSpecies<Float> ESTIMATES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(LONGS.length() * Float.SIZE));
  private static final int STEP = LANES.length();
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, STEP * Byte.SIZE)));
  private static final FloatVector HALF = FloatVector.broadcast(LANES, 0.5f);
  private static final FloatVector MINUS_HALF = FloatVector.broadcast(LANES, -0.5f);

  @Override
  public float dot(float[] a, float[] b, int from) {
    FloatVector first = FloatVector.zero(LANES);
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    int i = 0;
    for (int end = a.length - 4 * STEP; i <= end; i += 4 * STEP) {
      first = lane(a, i).fma(lane(b, from + i), first);
      second = lane(a, i + STEP).fma(lane(b, from + i + STEP), second);
      third = lane(a, i + 2 * STEP).fma(lane(b, from + i + 2 * STEP), third);
      fourth = lane(a, i + 3 * STEP).fma(lane(b, from + i + 3 * STEP), fourth);
    }
    for (int end = a.length - STEP; i <= end; i += STEP) {
      first = lane(a, i).fma(lane(b, from + i), first);
    }
    float sum = first.add(second).add(third.add(fourth)).reduceLanes(VectorOperators.ADD);
    for (; i < a.length; i++) {
      sum = Math.fma(a[i], b[from + i], sum);
    }
    return sum;
  }

  @Override
  public void scale(float[] vector, float factor, float[] target, int at) {
    int i = 0;
    for (int end = vector.length - STEP; i <= end; i += STEP) {
      lane(vector, i).mul(factor).intoArray(target, at + i);
    }
    for (; i < vector.length; i++) {
      target[at + i] = vector[i] * factor;
    }
  }

  /// `half` is a multiple of 16, the most lanes of any JVM of today.
  @Override
  void butterfly(float[] values, int at, int half) {
    for (int i = at; i < at + half; i += STEP) {
      FloatVector a = lane(values, i);
      FloatVector b = lane(values, i + half);
      a.add(b).intoArray(values, i);
      a.sub(b).intoArray(values, i + half);
    }
  }

  @Override
  float largest(float[] values) {
    FloatVector most = FloatVector.zero(LANES);
    int i = 0;
    for (int end = values.length - STEP; i <= end; i += STEP) {
      most = most.max(lane(values, i).abs());
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    for (; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  /// Where there are fewer than eight lanes, eight bytes are written all the same: the next step
  /// overwrites the rest of them, and the last one's fall into the room of the scale.
  @Override
  void round(float[] values, float factor, byte[] target) {
    int i = 0;
    for (int end = values.length - STEP; i <= end; i += STEP) {
      FloatVector scaled = lane(values, i).mul(factor);
      FloatVector half = HALF.blend(MINUS_HALF, scaled.lt(0f));
      ByteVector bytes = (ByteVector) scaled.add(half).convertShape(VectorOperators.F2B, BYTES, 0);
      bytes.intoArray(target, i);
    }
    for (; i < values.length; i++) {
      target[i] = ScalarSimilarity.rounded(values[i] * factor);
    }
  }

  @Override
  float signs(float[] values, long[] bits) {
    FloatVector sum = FloatVector.zero(LANES);
    for (int i = 0; i < values.length; i += STEP) {
      FloatVector part = lane(values, i);
      bits[i >>> 6] |= part.compare(VectorOperators.GT, 0f).toLong() << i;
      sum = sum.add(part.abs());
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  @Override
  int seek(CodeBlock block, int start, BitCoder.Cue cue, float floor, float[] estimates) {
    for (int group = start; group < block.size; group += CodeBlock.GROUP) {
      boolean found = false;
      for (int lane = 0; lane < CodeBlock.GROUP; lane += LONGS.length()) {
        FloatVector estimate = estimate(block, group, lane, cue);
        estimate.intoArray(estimates, lane);
        found |= estimate.compare(VectorOperators.GT, floor).anyTrue();
      }
      if (found) {
        return group;
      }
    }
    return block.size;
  }

  private static FloatVector estimate(CodeBlock block, int group, int lane, BitCoder.Cue cue) {
    int at = group + lane;
    FloatVector overlap =
        (FloatVector)
            overlaps(block.codes, group * block.words + lane, cue.planes())
                .convertShape(VectorOperators.L2F, ESTIMATES, 0);
    FloatVector known =
        FloatVector.fromArray(ESTIMATES, block.factorBits, at)
            .mul(cue.perBit())
            .add(FloatVector.fromArray(ESTIMATES, block.toCentre, at))
            .add(cue.toCentre());
    return overlap
        .mul(cue.perOverlap())
        .add(cue.constant())
        .mul(FloatVector.fromArray(ESTIMATES, block.factors, at))
        .add(known);
  }

  /// For codes side by side, how often a bit of the code meets a bit of the cue's planes, a bit of
  /// plane p counting 2^p.
  private static LongVector overlaps(long[] codes, int from, long[] planes) {
    LongVector ones = LongVector.zero(LONGS);
    LongVector twos = ones;
    LongVector fours = ones;
    LongVector eights = ones;
    int at = from;
    for (int i = 0; i < planes.length; i += BitCoder.PLANES, at += CodeBlock.GROUP) {
      LongVector code = LongVector.fromArray(LONGS, codes, at);
      ones = ones.add(code.and(planes[i]).lanewise(VectorOperators.BIT_COUNT));
      twos = twos.add(code.and(planes[i + 1]).lanewise(VectorOperators.BIT_COUNT));
      fours = fours.add(code.and(planes[i + 2]).lanewise(VectorOperators.BIT_COUNT));
      eights = eights.add(code.and(planes[i + 3]).lanewise(VectorOperators.BIT_COUNT));
    }
    return ones.add(twos.lanewise(VectorOperators.LSHL, 1))
        .add(fours.lanewise(VectorOperators.LSHL, 2))
        .add(eights.lanewise(VectorOperators.LSHL, 3));
  }

  private static FloatVector lane(float[] values, int at) {
    return FloatVector.fromArray(LANES, values, at);
  }
}

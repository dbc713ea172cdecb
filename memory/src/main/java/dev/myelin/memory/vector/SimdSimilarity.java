package dev.myelin.memory.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The Vector API, four sums at a time so that the additions do not wait for one another.
final class SimdSimilarity extends Similarity {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  // A register of 16 bytes is what every machine looks up in.
  private static final VectorSpecies<Byte> CODES = ByteVector.SPECIES_128;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
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

  /// Two registers of 16 codes, two bytes of each at a time: what their four bits are worth is
  /// looked up in the cue and added in bytes. The odd bytes of those sums are gathered apart, all
  /// of them together, as 16 bits that wrap; the even ones are the difference.
  @Override
  void overlaps(CodeBlock block, int group, byte[] worths, char[] overlaps) {
    ShortVector all = ShortVector.zero(SHORTS);
    ShortVector odd = all;
    ShortVector moreAll = all;
    ShortVector moreOdd = all;
    byte[] codes = block.codes;
    int at = group * block.width;
    for (int i = 0; i < worths.length; i += 4 * BitCoder.WORTHS, at += 2 * CodeBlock.GROUP) {
      ByteVector first = ByteVector.fromArray(CODES, worths, i);
      ByteVector second = ByteVector.fromArray(CODES, worths, i + BitCoder.WORTHS);
      ByteVector third = ByteVector.fromArray(CODES, worths, i + 2 * BitCoder.WORTHS);
      ByteVector fourth = ByteVector.fromArray(CODES, worths, i + 3 * BitCoder.WORTHS);
      ByteVector a = ByteVector.fromArray(CODES, codes, at);
      ByteVector b = ByteVector.fromArray(CODES, codes, at + CodeBlock.HALF);
      ByteVector c = ByteVector.fromArray(CODES, codes, at + 2 * CodeBlock.HALF);
      ByteVector d = ByteVector.fromArray(CODES, codes, at + 3 * CodeBlock.HALF);
      ShortVector sums =
          low(a)
              .selectFrom(first)
              .add(high(a).selectFrom(second))
              .add(low(c).selectFrom(third))
              .add(high(c).selectFrom(fourth))
              .reinterpretAsShorts();
      ShortVector moreSums =
          low(b)
              .selectFrom(first)
              .add(high(b).selectFrom(second))
              .add(low(d).selectFrom(third))
              .add(high(d).selectFrom(fourth))
              .reinterpretAsShorts();
      all = all.add(sums);
      odd = odd.add(sums.lanewise(VectorOperators.LSHR, Byte.SIZE));
      moreAll = moreAll.add(moreSums);
      moreOdd = moreOdd.add(moreSums.lanewise(VectorOperators.LSHR, Byte.SIZE));
    }
    int step = SHORTS.length();
    all.sub(odd.lanewise(VectorOperators.LSHL, Byte.SIZE)).intoCharArray(overlaps, 0);
    odd.intoCharArray(overlaps, step);
    moreAll
        .sub(moreOdd.lanewise(VectorOperators.LSHL, Byte.SIZE))
        .intoCharArray(overlaps, 2 * step);
    moreOdd.intoCharArray(overlaps, 3 * step);
  }

  private static ByteVector low(ByteVector codes) {
    return codes.and((byte) 0xf);
  }

  private static ByteVector high(ByteVector codes) {
    return codes
        .reinterpretAsShorts()
        .lanewise(VectorOperators.LSHR, 4)
        .reinterpretAsBytes()
        .and((byte) 0xf);
  }

  @Override
  int estimate(CodeBlock block, int group, BitCoder.Cue cue, float floor, float[] estimates) {
    int over = 0;
    for (int i = 0; i < CodeBlock.GROUP; i += STEP) {
      FloatVector known =
          lane(block.factorBits, group + i)
              .mul(cue.perBit())
              .add(lane(block.toCentre, group + i))
              .add(cue.toCentre());
      FloatVector sum = lane(estimates, i).mul(cue.perOverlap()).add(cue.constant());
      FloatVector estimate = sum.mul(lane(block.factors, group + i)).add(known);
      estimate.intoArray(estimates, i);
      over |= (int) estimate.compare(VectorOperators.GT, floor).toLong() << i;
    }
    return over;
  }

  private static FloatVector lane(float[] values, int at) {
    return FloatVector.fromArray(LANES, values, at);
  }
}

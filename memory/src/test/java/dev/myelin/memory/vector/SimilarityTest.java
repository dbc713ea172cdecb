package dev.myelin.memory.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fast arithmetic against its plain twin.
final class SimilarityTest {
  private final Similarity plain = new ScalarSimilarity();
  private final Similarity fast = new SimdSimilarity();
  private final Random random = new Random(42);

  private float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  @Test
  void usesTheVectorApiInTests() {
    assertThat(VectorMath.FASTEST).isInstanceOf(SimdSimilarity.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 15, 16, 17, 63, 64, 65, 383, 384, 768, 1000, 1536, 4096})
  void agreesOnProductsAndScales(int dimension) {
    float[] a = vector(dimension);
    float[] b = vector(dimension + 5);
    assertThat(fast.dot(a, b, 5)).isCloseTo(plain.dot(a, b, 5), within(1e-5f * dimension));

    float[] scaled = new float[dimension + 3];
    float[] expected = new float[dimension + 3];
    fast.scale(a, 0.37f, scaled, 3);
    plain.scale(a, 0.37f, expected, 3);
    assertThat(scaled).isEqualTo(expected);
    assertThat(fast.dot(fast.unit(a), fast.unit(a), 0)).isCloseTo(1f, within(1e-5f));
    assertThat(fast.inverseLength(a)).isCloseTo(plain.inverseLength(a), within(1e-4f));
  }

  @Test
  void leavesLengthsOutOfRangeToDoubles() {
    float[] huge = {3e30f, 4e30f};
    float[] tiny = {3e-30f, 4e-30f};
    assertThat(fast.inverseLength(huge)).isZero();
    assertThat(fast.inverseLength(tiny)).isZero();
    assertThat(fast.unit(huge)).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    assertThat(fast.unit(tiny)).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 128, 384, 768, 832, 4096})
  void agreesOnEstimates(int dimension) {
    BitCoder coder = new BitCoder(fast.unit(vector(dimension)));
    CodeBlock block = new CodeBlock(coder.words(), 77);
    for (int i = 0; i < 77; i++) {
      BitCoder.Code code = coder.encode(fast.unit(vector(dimension)));
      block.set(i, code.bits(), code.factor(), code.toCentre());
    }
    BitCoder.Cue cue = coder.cue(fast.unit(vector(dimension)));
    char[] expected = new char[CodeBlock.GROUP];
    char[] actual = new char[CodeBlock.GROUP];
    for (int group = 0; group < 77; group += CodeBlock.GROUP) {
      plain.overlaps(block, group, cue.worths(), expected);
      fast.overlaps(block, group, cue.worths(), actual);
      assertThat(actual).isEqualTo(expected);
      agreesOnEstimates(block, group, cue, expected);
    }
  }

  private void agreesOnEstimates(CodeBlock block, int group, BitCoder.Cue cue, char[] overlaps) {
    float[] expected = new float[CodeBlock.GROUP];
    for (int i = 0; i < CodeBlock.GROUP; i++) {
      expected[i] = overlaps[i];
    }
    float[] actual = expected.clone();
    float[] again = expected.clone();
    assertThat(plain.estimate(block, group, cue, -9f, expected)).isEqualTo(-1);
    assertThat(fast.estimate(block, group, cue, -9f, actual)).isEqualTo(-1);
    assertThat(actual).containsExactly(expected, within(1e-4f));
    float middle = median(expected);
    int over = 0;
    for (int i = 0; i < CodeBlock.GROUP; i++) {
      over |= actual[i] > middle ? 1 << i : 0;
    }
    assertThat(fast.estimate(block, group, cue, middle, again)).isEqualTo(over);
    assertThat(Integer.bitCount(over)).isBetween(1, CodeBlock.GROUP - 1);
  }

  private static float median(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[values.length / 2];
  }

  /// Every bit and every level set: the largest sums there are.
  @Test
  void theLargestOverlapsFit() {
    CodeBlock block = new CodeBlock(4096 / Long.SIZE, 1);
    long[] bits = new long[4096 / Long.SIZE];
    Arrays.fill(bits, -1L);
    block.set(0, bits, 1f, 0f);
    byte[] worths = new byte[4096 / 4 * BitCoder.WORTHS];
    for (int i = 0; i < worths.length; i++) {
      worths[i] = (byte) (15 * Integer.bitCount(i % BitCoder.WORTHS));
    }
    char[] overlaps = new char[CodeBlock.GROUP];
    fast.overlaps(block, 0, worths, overlaps);
    assertThat((int) overlaps[0]).isEqualTo(15 * 4096);
    assertThat((int) overlaps[1]).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 16, 23, 384, 768, 1001})
  void agreesOnBytes(int dimension) {
    float[] values = fast.unit(vector(dimension));
    float largest = plain.largest(values);
    assertThat(fast.largest(values)).isEqualTo(largest);
    byte[] expected = new byte[dimension + 4];
    byte[] actual = new byte[dimension + 4];
    plain.round(values, 127 / largest, expected);
    fast.round(values, 127 / largest, actual);
    assertThat(Arrays.copyOf(actual, dimension)).isEqualTo(Arrays.copyOf(expected, dimension));
    assertThat(expected).containsAnyOf((byte) 127, (byte) -127);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128, 832})
  void agreesOnSigns(int dimension) {
    float[] values = vector(dimension);
    values[3] = 0;
    long[] expected = new long[dimension / 64];
    long[] actual = new long[dimension / 64];
    float sum = plain.signs(values, expected);
    assertThat(fast.signs(values, actual)).isCloseTo(sum, within(1e-5f * sum));
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void agreesOnButterflies() {
    float[] values = vector(128);
    float[] same = values.clone();
    plain.butterfly(values, 32, 32);
    fast.butterfly(same, 32, 32);
    assertThat(same).isEqualTo(values);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 64, 100, 128, 384, 768, 832, 1536})
  void rotationsKeepAngles(int dimension) {
    Rotation rotation = new Rotation(dimension);
    float[] a = fast.unit(vector(dimension));
    float[] b = fast.unit(vector(dimension));
    float[] rotatedA = rotation.rotate(a);
    float[] rotatedB = rotation.rotate(b);
    assertThat(rotatedA).hasSize(Rotation.bits(dimension));
    assertThat(plain.dot(rotatedA, rotatedA, 0)).isCloseTo(1f, within(1e-4f));
    assertThat(plain.dot(rotatedA, rotatedB, 0)).isCloseTo(plain.dot(a, b, 0), within(1e-4f));
  }

  /// Vectors that differ in one coordinate alone are the worst for codes of signs without a
  /// rotation.
  @Test
  void estimatesAreUnbiasedAndCloseEvenForSparseVectors() {
    int dimension = 768;
    BitCoder coder = new BitCoder(new float[dimension]);
    double squares = 0;
    double sum = 0;
    int count = 400;
    CodeBlock block = new CodeBlock(coder.words(), count);
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimension];
      vector[random.nextInt(dimension)] = 1f;
      vector[random.nextInt(dimension)] += 0.5f;
      vectors[i] = fast.unit(vector);
      BitCoder.Code code = coder.encode(vectors[i]);
      block.set(i, code.bits(), code.factor(), code.toCentre());
    }
    float[] cue = vectors[0];
    double[] errors = new double[count];
    block.scan(
        coder.cue(cue),
        Float.NEGATIVE_INFINITY,
        (index, estimate) -> {
          errors[index] = estimate - plain.dot(cue, vectors[index], 0);
          return Float.NEGATIVE_INFINITY;
        });
    for (double error : errors) {
      sum += error;
      squares += error * error;
    }
    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(Math.sqrt(squares / count)).isLessThan(0.045);
  }

  @Test
  void byteCodesAreOffByLittle() {
    for (int dimension : new int[] {2, 384, 768}) {
      float[] a = fast.unit(vector(dimension));
      float[] b = fast.unit(vector(dimension));
      float product = new ByteCode.Cue(a).dot(ByteCode.encode(b), 0);
      assertThat(product).isCloseTo(plain.dot(a, b, 0), within(dimension < 10 ? 0.02f : 0.002f));
    }
  }

  @Test
  void theMeanOfNothingIsZero() {
    assertThat(BitCoder.mean(List.of(), 2)).containsExactly(0f, 0f);
    VectorSlice inside = new VectorSlice(new float[] {9, 3, 5, 9}, 1, 2);
    assertThat(BitCoder.mean(List.of(VectorSlice.of(new float[] {1, 3}), inside), 2))
        .containsExactly(2f, 4f);
  }
}

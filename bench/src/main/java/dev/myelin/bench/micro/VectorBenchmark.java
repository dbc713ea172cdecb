package dev.myelin.bench.micro;

import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.index.Candidates;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TopHits;
import dev.myelin.memory.tail.FreshTail;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.memory.tail.TailBudget;
import dev.myelin.memory.vector.BitCoder;
import dev.myelin.memory.vector.ByteCode;
import dev.myelin.memory.vector.CodeBlock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What recall and indexing do with vectors: the exact scan of the fresh tail, the scan of one-bit
/// codes for candidates, and the coding of one vector to bits and to bytes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VectorBenchmark {
  private static final int DIMENSION = 768;
  private static final int CHUNK = 1_024;
  private static final int TOP = 10;
  private static final int CANDIDATES = 1_000;

  /// Vectors that a scan sees.
  @Param("16384")
  public int vectors;

  private final SplittableRandom random = new SplittableRandom(1);
  private final FreshTail tail = new FreshTail(0, CHUNK, new TailBudget(Long.MAX_VALUE));
  private final BitCoder coder = new BitCoder(new float[DIMENSION]);
  private CodeBlock codes = new CodeBlock(coder.words(), 0);
  private float[] unit = {};

  @Setup
  public void fill() {
    codes = new CodeBlock(coder.words(), vectors);
    for (int i = 0; i < vectors; i++) {
      unit = unit();
      int offset = i + 1;
      Facets facets = new Facets(offset, offset, offset, 1f, List.of(), List.of(), null, Map.of());
      tail.publish(offset, 0, new Newborn(facets, Terms.NONE, offset, unit, 1f));
      BitCoder.Code code = coder.encode(unit);
      codes.set(i, code.bits(), code.factor(), code.toCentre());
    }
  }

  private float[] unit() {
    float[] values = new float[DIMENSION];
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
      squares += values[i] * values[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      values[i] /= (float) Math.sqrt(squares);
    }
    return values;
  }

  @Benchmark
  public TopHits exactScan() {
    TopHits hits = new TopHits(TOP);
    tail.view().nearest(unit, Criteria.NONE, hits);
    return hits;
  }

  @Benchmark
  public long[] codeScan() {
    Candidates candidates = new Candidates(CANDIDATES);
    codes.scan(
        coder.cue(unit), candidates.floor(), (code, estimate) -> candidates.add(estimate, 0, code));
    return candidates.places();
  }

  @Benchmark
  public BitCoder.Code bitCode() {
    return coder.encode(unit);
  }

  @Benchmark
  public byte[] byteCode() {
    return ByteCode.encode(unit);
  }
}

package dev.myelin.bench.micro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.edge.stream.FloatArrayParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.StringJoiner;
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

/// Reading one embedding from JSON: the parser of the edge beside Jackson's stream of tokens.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParserBenchmark {
  @Param("768")
  public int dimension;

  private final FloatArrayParser parser = new FloatArrayParser();
  private final JsonFactory jackson = new JsonFactory();
  private byte[] json = {};

  @Setup
  public void write() {
    SplittableRandom random = new SplittableRandom(1);
    StringJoiner values = new StringJoiner(",", "[", "]");
    for (int i = 0; i < dimension; i++) {
      values.add(Float.toString((float) (random.nextGaussian() / Math.sqrt(dimension))));
    }
    json = values.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public float[] floatArrayParser() {
    if (parser.parse(json, 1, json.length) < 0) {
      throw new IllegalStateException("json: not read (expected: an array of numbers)");
    }
    return parser.values();
  }

  @Benchmark
  public float[] jacksonStreaming() throws IOException {
    float[] values = new float[dimension];
    try (JsonParser tokens = jackson.createParser(json)) {
      tokens.nextToken();
      for (int i = 0; tokens.nextToken() != JsonToken.END_ARRAY; i++) {
        values[i] = tokens.getFloatValue();
      }
    }
    return values;
  }
}

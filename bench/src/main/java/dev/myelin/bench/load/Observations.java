package dev.myelin.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Observations that are all different, at the price of copying one.
///
/// The first values of each embedding are its own, the others come from a small stock that is
/// encoded once. The own ones weigh about as much as the rest, so that every observation is by far
/// the nearest to itself. Immutable.
public final class Observations {
  private static final int OWN = 16;
  private static final int STOCK = 512;
  private static final int STEPS = 400;
  private static final int MAX_OWN_CHARS = OWN * 8;

  private final String run;
  private final int dimension;
  private final float[][] rest;
  private final byte[][] restJson;
  private final byte[][] restBinary;

  /// @param run begins the name of every observation
  /// @param dimension of the embeddings; 0 for text alone
  public Observations(String run, int dimension, long seed) {
    this.run = run;
    this.dimension = dimension;
    SplittableRandom random = new SplittableRandom(seed);
    int length = Math.max(0, dimension - OWN);
    this.rest = new float[STOCK][length];
    for (float[] values : rest) {
      for (int i = 0; i < length; i++) {
        values[i] = (float) (random.nextGaussian() / Math.sqrt(length));
      }
    }
    this.restJson = IntStream.range(0, STOCK).mapToObj(i -> json(rest[i])).toArray(byte[][]::new);
    this.restBinary =
        IntStream.range(0, STOCK).mapToObj(i -> binary(rest[i])).toArray(byte[][]::new);
  }

  private static byte[] json(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(',').append(value);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] binary(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  public int dimension() {
    return dimension;
  }

  /// The name of an observation, which is that of its memory.
  public String id(int connection, long sequence) {
    return run + '-' + connection + '-' + sequence;
  }

  /// Its text; the last word is its own.
  public String text(int connection, long sequence) {
    return "The operator of line 7 reports that pump 3 runs warm after the change of shift; reading o"
        + connection
        + 'x'
        + sequence;
  }

  /// Its embedding, as the server gets it.
  public float[] embedding(int connection, long sequence) {
    float[] values = new float[dimension];
    long state = mix(connection, sequence);
    for (int i = 0; i < own(); i++) {
      values[i] = step(state, i) / 1000f;
    }
    float[] others = rest[stock(connection, sequence)];
    System.arraycopy(others, 0, values, own(), others.length);
    return values;
  }

  /// More than any of them takes, encoded as JSON; less so as protobuf.
  public int maxBytes() {
    int longest = 0;
    for (byte[] bytes : restJson) {
      longest = Math.max(longest, bytes.length);
    }
    return longest + MAX_OWN_CHARS + run.length() + 512;
  }

  /// Writes the values between the brackets of a JSON array.
  void json(int connection, long sequence, ByteBuffer out) {
    long state = mix(connection, sequence);
    for (int i = 0; i < own(); i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      thousandths(step(state, i), out);
    }
    out.put(restJson[stock(connection, sequence)]);
  }

  /// Writes the values as little-endian floats; the buffer must have that order.
  public void binary(int connection, long sequence, ByteBuffer out) {
    long state = mix(connection, sequence);
    for (int i = 0; i < own(); i++) {
      out.putFloat(step(state, i) / 1000f);
    }
    out.put(restBinary[stock(connection, sequence)]);
  }

  private int own() {
    return Math.min(OWN, dimension);
  }

  private static int stock(int connection, long sequence) {
    return (int) ((sequence + 31L * connection) & (STOCK - 1));
  }

  /// A value from -400 to 400.
  private static int step(long state, int index) {
    long mixed = mix(state + index * 0x9E3779B97F4A7C15L);
    return (int) Math.floorMod(mixed, 2L * STEPS + 1) - STEPS;
  }

  private static long mix(int connection, long sequence) {
    return mix(sequence * 0xD1342543DE82EF95L + connection + 1);
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private static void thousandths(int value, ByteBuffer out) {
    int left = Math.abs(value);
    if (value < 0) {
      out.put((byte) '-');
    }
    out.put((byte) '0').put((byte) '.');
    out.put((byte) ('0' + left / 100));
    out.put((byte) ('0' + left / 10 % 10));
    out.put((byte) ('0' + left % 10));
  }
}

package dev.myelin.memory.vector;

import java.util.Random;

/// A fixed random rotation: spreads what a vector says evenly over all coordinates, so that their
/// signs alone say much. Rounds of random signs, Hadamard transforms of blocks, and a shuffle
/// between them (fast Johnson-Lindenstrauss transform; Ailon and Chazelle, 2009). Lengths and
/// angles stay.
final class Rotation {
  /// Coordinates this far apart or more are mixed within a round, nearer ones by the shuffles.
  private static final int NEAREST = 16;

  private static final long SEED = 0x6d79656c696eL;
  private static final int MIN_BITS = 128;

  private final int bits;
  private final int block;
  private final float[][] signs;
  private final int[][] shuffles;

  Rotation(int dimension) {
    bits = bits(dimension);
    block = Integer.lowestOneBit(bits);
    Random random = new Random(SEED);
    int mixed = block / NEAREST;
    // Every coordinate shall reach every other one.
    int rounds = mixed >= 8 ? 3 : 6;
    signs = new float[rounds][];
    shuffles = new int[rounds][];
    float scale = (float) (1 / Math.sqrt(mixed));
    for (int round = 0; round < rounds; round++) {
      signs[round] = new float[bits];
      for (int i = 0; i < bits; i++) {
        signs[round][i] = random.nextBoolean() ? scale : -scale;
      }
      shuffles[round] = shuffle(random);
    }
  }

  /// How many coordinates a rotated vector has: a multiple of 64.
  static int bits(int dimension) {
    return Math.max(MIN_BITS, (dimension + 63) / 64 * 64);
  }

  private int[] shuffle(Random random) {
    int[] order = new int[bits];
    for (int i = 0; i < bits; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  float[] rotate(float[] vector) {
    float[] from = new float[bits];
    float[] to = new float[bits];
    System.arraycopy(vector, 0, from, 0, vector.length);
    for (int round = 0; round < signs.length; round++) {
      float[] sign = signs[round];
      int[] shuffle = shuffles[round];
      for (int i = 0; i < bits; i++) {
        from[i] *= sign[i];
      }
      for (int half = NEAREST; half < block; half *= 2) {
        for (int at = 0; at < bits; at += 2 * half) {
          VectorMath.FASTEST.butterfly(from, at, half);
        }
      }
      for (int i = 0; i < bits; i++) {
        to[i] = from[shuffle[i]];
      }
      float[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }
}

package dev.myelin.bench.recall;

import java.util.SplittableRandom;

/// Points on the unit sphere, each made from its number alone.
///
/// **Clustered**: 256 random centres; a point is its centre plus noise of 0.75 times the centre's
/// length, so that two points of a cluster have a cosine of about 0.64. **Uniform**: no structure
/// at all, the hardest case: the nearest is hardly nearer than any other.
///
/// @param clusters 0 for uniform
/// @param seed points of other seeds lie in other clusters
record Points(int dimension, int clusters, long seed) {
  private static final double NOISE = 0.75;

  static Points clustered(int dimension, long seed) {
    return new Points(dimension, 256, seed);
  }

  static Points uniform(int dimension, long seed) {
    return new Points(dimension, 0, seed);
  }

  /// The point of a number; negative numbers are for queries.
  float[] point(long number) {
    float[] values = gaussian(new SplittableRandom(seed * 1_000_003 + number));
    if (clusters > 0) {
      long cluster = Math.floorMod((number * 0x9E3779B97F4A7C15L) >>> 20, (long) clusters);
      float[] centre = gaussian(new SplittableRandom(~seed * 7_919 + cluster));
      for (int i = 0; i < dimension; i++) {
        values[i] = (float) (centre[i] + NOISE * values[i]);
      }
    }
    double square = 0;
    for (float value : values) {
      square += value * value;
    }
    float factor = (float) (1 / Math.sqrt(square));
    for (int i = 0; i < dimension; i++) {
      values[i] *= factor;
    }
    return values;
  }

  /// Sums of four uniform values: near enough to a normal distribution, and much cheaper.
  private float[] gaussian(SplittableRandom random) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      long bits = random.nextLong();
      values[i] =
          ((bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48))
                  / 65_536f
              - 2f;
    }
    return values;
  }
}

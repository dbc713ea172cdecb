package dev.myelin.bench.recall;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The true nearest points of some queries, found by looking at every point once. One thread.
final class Exact {
  private static final int LANES = 8;

  private final List<float[]> queries;
  private final int top;
  private final float[][] scores;
  private final long[][] numbers;

  Exact(List<float[]> queries, int top) {
    this.queries = queries;
    this.top = top;
    this.scores = new float[queries.size()][top];
    this.numbers = new long[queries.size()][top];
    for (int i = 0; i < queries.size(); i++) {
      Arrays.fill(scores[i], Float.NEGATIVE_INFINITY);
    }
  }

  /// Looks at a point.
  void see(long number, float[] point) {
    for (int i = 0; i < scores.length; i++) {
      float score = dot(queries.get(i), point);
      if (score > scores[i][top - 1]) {
        insert(i, number, score);
      }
    }
  }

  private void insert(int query, long number, float score) {
    int at = top - 1;
    while (at > 0 && scores[query][at - 1] < score) {
      scores[query][at] = scores[query][at - 1];
      numbers[query][at] = numbers[query][at - 1];
      at--;
    }
    scores[query][at] = score;
    numbers[query][at] = number;
  }

  /// Eight sums side by side, which the compiler turns into vector instructions.
  private static float dot(float[] a, float[] b) {
    float[] sums = new float[LANES];
    int i = 0;
    for (; i + LANES <= a.length; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] += a[i + lane] * b[i + lane];
      }
    }
    float sum = 0;
    for (float one : sums) {
      sum += one;
    }
    for (; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// The numbers of a query's nearest points.
  Set<Long> nearest(int query) {
    Set<Long> nearest = new HashSet<>();
    IntStream.range(0, top)
        .filter(i -> scores[query][i] > Float.NEGATIVE_INFINITY)
        .forEach(i -> nearest.add(numbers[query][i]));
    return nearest;
  }
}

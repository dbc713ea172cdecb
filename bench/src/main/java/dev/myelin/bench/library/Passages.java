package dev.myelin.bench.library;

import java.util.SplittableRandom;

/// Passages that are made from their number alone: about twenty words, and points on the unit
/// sphere around 256 centres.
///
/// @param dimension of the embeddings
record Passages(int dimension, long seed) {
  private static final int CENTRES = 256;
  private static final double NOISE = 0.75;
  private static final int WORDS = 20;
  private static final String[] STOCK =
      ("river mountain winter garden engine letter market kitchen doctor window music harbour"
              + " village teacher forest bridge station summer paper silver ocean island travel"
              + " history science weather morning evening answer question story picture number"
              + " colour family friend animal plant stone metal glass water fire light sound voice"
              + " road city country house room table chair book page word line circle square")
          .split(" ", -1);

  /// A text of its own.
  String text(long number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    StringBuilder text = new StringBuilder("Note ").append(number).append(": ");
    for (int i = 0; i < WORDS; i++) {
      text.append(STOCK[random.nextInt(STOCK.length)]).append(i + 1 == WORDS ? '.' : ' ');
    }
    return text.toString();
  }

  /// The embedding as JSON; negative numbers are for questions.
  String embedding(long number) {
    long cluster = Math.floorMod((number * 0x9E3779B97F4A7C15L) >>> 20, (long) CENTRES);
    SplittableRandom centre = new SplittableRandom(~seed * 7_919 + cluster);
    SplittableRandom own = new SplittableRandom(seed * 1_000_003 + number);
    float[] values = new float[dimension];
    double square = 0;
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) (centre.nextGaussian() + NOISE * own.nextGaussian());
      square += values[i] * values[i];
    }
    StringBuilder json = new StringBuilder(dimension * 9).append('[');
    double factor = 1 / Math.sqrt(square);
    for (int i = 0; i < dimension; i++) {
      // Five digits are what such values are worth.
      json.append(i == 0 ? "" : ",").append(Math.round(values[i] * factor * 1e5) / 1e5);
    }
    return json.append(']').toString();
  }
}

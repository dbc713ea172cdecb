package dev.myelin.memory.ranking;

import org.apache.lucene.util.SmallFloat;

/// Okapi BM25 (Robertson and Zaragoza, 2009) of one question, as the index computes it, with
/// lengths rounded as the index rounds them.
public final class Bm25 {
  // For passages, as in the published baselines of MS MARCO: what is remembered is mostly short,
  // and
  // a short text is not better for being short.
  public static final float K1 = 0.9f;
  public static final float B = 0.4f;

  private final Terms question;
  private final float[] weights;
  private final float averageLength;

  public Bm25(Terms question, Corpus corpus) {
    this.question = question;
    weights = new float[question.size()];
    for (int i = 0; i < weights.length; i++) {
      long with = corpus.documentsWith(i);
      double rarity = Math.log(1 + (corpus.documents() - with + 0.5) / (with + 0.5));
      weights[i] = (float) (question.frequency(i) * rarity);
    }
    averageLength =
        corpus.documents() == 0 ? 1f : (float) corpus.totalLength() / corpus.documents();
  }

  /// The score of a text, 0 if it has none of the question's terms.
  public float score(Terms text) {
    float norm = K1 * (1 - B + B * roundedLength(text.length()) / averageLength);
    float score = 0;
    for (int i = 0; i < weights.length; i++) {
      int frequency = text.frequencyOf(question.hash(i));
      if (frequency > 0) {
        score += weights[i] * frequency / (frequency + norm);
      }
    }
    return score;
  }

  private static int roundedLength(int length) {
    return SmallFloat.byte4ToInt(SmallFloat.intToByte4(length));
  }
}

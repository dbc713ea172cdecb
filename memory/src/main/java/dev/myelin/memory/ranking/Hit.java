package dev.myelin.memory.ranking;

/// One memory that a search found.
///
/// @param offset the memory's commit number
/// @param vectorOffset the offset of the record that holds its embedding, 0 if it has none
/// @param score higher is better; what it means depends on the search
public record Hit(long offset, long vectorOffset, float score) {
  public Hit withScore(float other) {
    return new Hit(offset, vectorOffset, other);
  }

  /// Best first; of equals, the newest.
  public static int compareBestFirst(Hit a, Hit b) {
    int byScore = Float.compare(b.score, a.score);
    return byScore != 0 ? byScore : Long.compare(b.offset, a.offset);
  }
}

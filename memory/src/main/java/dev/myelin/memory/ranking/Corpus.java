package dev.myelin.memory.ranking;

/// What BM25 must know of all texts that are searched together: gathered from index and tail, so
/// that a score means the same in both.
public final class Corpus {
  private final long[] documentsWith;
  private long documents;
  private long length;

  /// Knows of no text yet.
  ///
  /// @param terms of the question
  public Corpus(Terms terms) {
    documentsWith = new long[terms.size()];
  }

  /// Adds texts.
  public void add(long texts, long totalLength) {
    documents += texts;
    length += totalLength;
  }

  /// Adds texts that have the question's term of that index.
  public void addWith(int term, long texts) {
    documentsWith[term] += texts;
  }

  public long documents() {
    return documents;
  }

  public long documentsWith(int term) {
    return documentsWith[term];
  }

  public long totalLength() {
    return length;
  }
}

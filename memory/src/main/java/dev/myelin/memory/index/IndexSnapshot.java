package dev.myelin.memory.index;

import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.ranking.Corpus;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TopHits;
import java.util.List;

/// An index as it was at one moment; does not change. Any thread.
///
/// All searches apply the conditions and leave out what is hidden while they search; of equals, the
/// newest come first.
///
/// Its methods throw [IndexFailure] if the index cannot be read.
public interface IndexSnapshot extends AutoCloseable {

  /// The offset up to which it has everything.
  long covered();

  /// How many memories it has.
  long memories();

  /// Whether it has the memory of that offset.
  boolean contains(long offset);

  /// Adds its texts to what BM25 must know of all texts.
  void count(Terms question, Corpus corpus);

  /// Offers the texts that answer a question best, by BM25 over the whole corpus.
  void worded(Terms question, Corpus corpus, Search search, TopHits hits);

  /// The memories nearest to a cue of length 1. The scores are close to the cosine, not exact: the
  /// caller rescores, and gets some more than it asked for.
  List<Hit> nearest(float[] unit, Search search);

  /// Offers the memories that happened last, ranked by when (in microseconds).
  void newest(Search search, TopHits hits);

  @Override
  void close();

  /// What every search is told.
  ///
  /// @param depth how many hits are wanted
  record Search(Criteria criteria, Hidden hidden, int depth) {}
}

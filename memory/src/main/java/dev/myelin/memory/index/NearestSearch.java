package dev.myelin.memory.index;

import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.index.IndexSnapshot.Search;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.ranking.TopHits;
import dev.myelin.memory.vector.BitCoder;
import dev.myelin.memory.vector.ByteCode;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/// Finds the memories nearest to a cue, in two steps: all one-bit codes are scanned for candidates,
/// the candidates' byte codes are compared. The caller does the third step, with the embeddings
/// themselves.
final class NearestSearch {
  /// Candidates of the first step: so many, or so many per wanted hit, or so many times the square
  /// root of all, as the more there are, the more lie close together. Figures are in docs/adr/0004.
  private static final int MIN_CANDIDATES = 1_000;

  private static final int PER_HIT = 20;
  private static final int PER_ROOT = 6;

  private final IndexSearcher searcher;
  private final List<SegmentCodes> segments;
  private final BitCoder coder;
  private final Search search;

  NearestSearch(
      IndexSearcher searcher, List<SegmentCodes> segments, BitCoder coder, Search search) {
    this.searcher = searcher;
    this.segments = segments;
    this.coder = coder;
    this.search = search;
  }

  List<Hit> find(float[] unit, long covered) throws IOException {
    Weight conditions = weight(search.criteria(), covered);
    BitCoder.Cue cue = coder.cue(unit);
    Candidates candidates = new Candidates(wanted());
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      Bits accepted = conditions == null ? null : accepted(conditions, leaf);
      scan(leaf, cue, accepted, candidates);
    }
    return compare(unit, candidates.places());
  }

  private int wanted() {
    long all = 0;
    for (SegmentCodes segment : segments) {
      all += segment.codes().size();
    }
    long byHits = Math.max(MIN_CANDIDATES, (long) PER_HIT * search.depth());
    long byRoot = (long) (PER_ROOT * Math.sqrt((double) all));
    return (int) Math.max(1, Math.min(Math.max(byHits, byRoot), all));
  }

  private @Nullable Weight weight(Criteria criteria, long covered) throws IOException {
    if (!Conditions.matter(criteria, covered)) {
      return null;
    }
    Query query = searcher.rewrite(Conditions.query(criteria));
    return searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1f);
  }

  private static Bits accepted(Weight conditions, LeafReaderContext leaf) throws IOException {
    FixedBitSet bits = new FixedBitSet(Math.max(1, leaf.reader().maxDoc()));
    Scorer scorer = conditions.scorer(leaf);
    if (scorer != null) {
      bits.or(scorer.iterator());
    }
    return bits;
  }

  private void scan(
      LeafReaderContext leaf, BitCoder.Cue cue, @Nullable Bits accepted, Candidates candidates) {
    SegmentCodes segment = segments.get(leaf.ord);
    Bits live = leaf.reader().getLiveDocs();
    segment
        .codes()
        .scan(
            cue,
            candidates.floor(),
            (code, estimate) -> {
              int document = segment.document(code);
              boolean wanted =
                  (live == null || live.get(document))
                      && (accepted == null || accepted.get(document))
                      && !search.hidden().test().test(segment.offset(document));
              return wanted ? candidates.add(estimate, leaf.ord, document) : candidates.floor();
            });
  }

  private List<Hit> compare(float[] unit, long[] places) throws IOException {
    ByteCode.Cue cue = new ByteCode.Cue(unit);
    TopHits top = new TopHits(2 * search.depth() + 16);
    int ord = -1;
    BinaryDocValues codes = null;
    NumericDocValues vectors = null;
    for (long place : places) {
      if ((int) (place >>> 32) != ord) {
        ord = (int) (place >>> 32);
        LeafReader segment = searcher.getLeafContexts().get(ord).reader();
        codes = segment.getBinaryDocValues(IndexSchema.BYTES);
        vectors = segment.getNumericDocValues(IndexSchema.VECTOR_OFFSET);
      }
      int document = (int) place;
      if (codes == null || vectors == null || codes.advance(document) != document) {
        continue;
      }
      var code = codes.binaryValue();
      float score = cue.dot(code.bytes, code.offset);
      if (top.wouldTake(score) && vectors.advance(document) != DocIdSetIterator.NO_MORE_DOCS) {
        top.offer(score, segments.get(ord).offset(document), vectors.longValue());
      }
    }
    return top.drain();
  }
}

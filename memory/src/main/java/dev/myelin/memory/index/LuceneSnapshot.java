package dev.myelin.memory.index;

import dev.myelin.memory.ranking.Corpus;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TopHits;
import dev.myelin.memory.vector.BitCoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/// One point in time of a [LuceneIndex]. Its codes are shared with the snapshots before and after
/// it, segment by segment.
final class LuceneSnapshot implements IndexSnapshot {
  private static final SortField NEWEST_OFFSET =
      new SortField(IndexSchema.OFFSET, SortField.Type.LONG, true);
  private static final Sort BY_SCORE = new Sort(SortField.FIELD_SCORE, NEWEST_OFFSET);
  private static final Sort BY_TIME =
      new Sort(new SortField(IndexSchema.WHEN, SortField.Type.LONG, true), NEWEST_OFFSET);

  /// Hits counted before the rest may be skipped; they are never reported.
  private static final int COUNTED_HITS = 1;

  private final DirectoryReader reader;
  private final @Nullable BitCoder coder;
  private final long covered;
  private final Map<Object, SegmentCodes> codes;
  private final List<SegmentCodes> segments;

  private LuceneSnapshot(
      DirectoryReader reader,
      @Nullable BitCoder coder,
      long covered,
      Map<Object, SegmentCodes> codes,
      List<SegmentCodes> segments) {
    this.reader = reader;
    this.coder = coder;
    this.covered = covered;
    this.codes = codes;
    this.segments = segments;
  }

  /// Takes over the reader.
  static LuceneSnapshot of(
      DirectoryReader reader, @Nullable BitCoder coder, long covered, @Nullable LuceneSnapshot old)
      throws IOException {
    Map<Object, SegmentCodes> codes = new HashMap<>();
    List<SegmentCodes> segments = new ArrayList<>();
    if (coder != null) {
      for (LeafReaderContext leaf : reader.leaves()) {
        LeafReader segment = leaf.reader();
        Object key = segment.getCoreCacheHelper().getKey();
        SegmentCodes known = old == null ? null : old.codes.get(key);
        SegmentCodes loaded = known == null ? SegmentCodes.load(segment, coder.words()) : known;
        codes.put(key, loaded);
        segments.add(loaded);
      }
    }
    return new LuceneSnapshot(reader, coder, covered, codes, segments);
  }

  DirectoryReader reader() {
    return reader;
  }

  boolean tryRetain() {
    return reader.tryIncRef();
  }

  @Override
  public long covered() {
    return covered;
  }

  @Override
  public long memories() {
    return reader.numDocs();
  }

  @Override
  public boolean contains(long offset) {
    Term key = IndexSchema.key(offset);
    try {
      for (LeafReaderContext leaf : reader.leaves()) {
        PostingsEnum postings = leaf.reader().postings(key, PostingsEnum.NONE);
        Bits live = leaf.reader().getLiveDocs();
        while (postings != null && postings.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
          if (live == null || live.get(postings.docID())) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void count(Terms question, Corpus corpus) {
    try {
      corpus.add(
          reader.getDocCount(IndexSchema.TEXT), reader.getSumTotalTermFreq(IndexSchema.TEXT));
      for (int i = 0; i < question.size(); i++) {
        Term term = new Term(IndexSchema.TEXT, TermStream.bytes(question.hash(i)));
        corpus.addWith(i, reader.docFreq(term));
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void worded(Terms question, Corpus corpus, Search search, TopHits hits) {
    if (question.size() == 0) {
      return;
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (int i = 0; i < question.size(); i++) {
      Query term = new TermQuery(new Term(IndexSchema.TEXT, TermStream.bytes(question.hash(i))));
      query.add(new BoostQuery(term, question.frequency(i)), Occur.SHOULD);
    }
    query.setMinimumNumberShouldMatch(1);
    if (Conditions.matter(search.criteria(), covered)) {
      query.add(Conditions.query(search.criteria()), Occur.FILTER);
    }
    top(new CorpusSearcher(reader, question, corpus), query.build(), BY_SCORE, search, hits);
  }

  @Override
  public void newest(Search search, TopHits hits) {
    Query query =
        Conditions.matter(search.criteria(), covered)
            ? Conditions.query(search.criteria())
            : MatchAllDocsQuery.INSTANCE;
    top(new IndexSearcher(reader), query, BY_TIME, search, hits);
  }

  /// Offers the best hits that are not hidden: as many more are asked for as may be hidden.
  private void top(IndexSearcher searcher, Query query, Sort sort, Search search, TopHits hits) {
    int most = (int) Math.min(search.depth() + (long) search.hidden().most(), reader.maxDoc());
    if (most == 0) {
      return;
    }
    try {
      TopFieldDocs found =
          searcher.search(query, new TopFieldCollectorManager(sort, most, null, COUNTED_HITS));
      for (ScoreDoc document : found.scoreDocs) {
        if (document instanceof FieldDoc sorted
            && sorted.fields != null
            && sorted.fields[0] instanceof Number first
            && sorted.fields[1] instanceof Long offset
            && !search.hidden().test().test(offset)) {
          long rank = first instanceof Long time ? time : TopHits.rank(first.floatValue());
          hits.offer(rank, offset, vectorOffset(document.doc));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  private long vectorOffset(int document) throws IOException {
    LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(document, reader.leaves()));
    NumericDocValues offsets = leaf.reader().getNumericDocValues(IndexSchema.VECTOR_OFFSET);
    boolean known = offsets != null && offsets.advanceExact(document - leaf.docBase);
    return known ? offsets.longValue() : 0;
  }

  @Override
  public List<Hit> nearest(float[] unit, Search search) {
    if (coder == null || unit.length != coder.dimension()) {
      return new ArrayList<>();
    }
    try {
      IndexSearcher searcher = new IndexSearcher(reader);
      return new NearestSearch(searcher, segments, coder, search).find(unit, covered);
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  /// Damaged files show in many ways.
  private static IndexFailure unreadable(Exception cause) {
    return new IndexFailure("An index cannot be read", cause);
  }

  @Override
  public void close() {
    try {
      reader.decRef();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}

package dev.myelin.memory.index;

import dev.myelin.memory.ranking.Bm25;
import dev.myelin.memory.ranking.Corpus;
import dev.myelin.memory.ranking.Terms;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.BytesRef;

/// Searches one index, but scores by what is known of all texts, so that its scores compare with
/// those of the fresh tail.
final class CorpusSearcher extends IndexSearcher {
  private final Corpus corpus;
  private final Map<BytesRef, Integer> positions = new HashMap<>();

  CorpusSearcher(IndexReader reader, Terms question, Corpus corpus) {
    super(reader);
    this.corpus = corpus;
    for (int i = 0; i < question.size(); i++) {
      positions.put(TermStream.bytes(question.hash(i)), i);
    }
    setSimilarity(new BM25Similarity(Bm25.K1, Bm25.B));
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) {
    long documents = Math.max(1, corpus.documents());
    long length = Math.max(documents, corpus.totalLength());
    return new CollectionStatistics(
        field, Math.max(documents, getIndexReader().maxDoc()), documents, length, length);
  }

  @Override
  public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq) {
    Integer position = positions.get(term.bytes());
    long documents = position == null ? docFreq : corpus.documentsWith(position);
    return new TermStatistics(
        term.bytes(), Math.max(1, documents), Math.max(documents, totalTermFreq));
  }
}

package dev.myelin.memory.index;

import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Criteria;
import java.util.List;
import org.apache.lucene.document.FloatPoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/// A recall's conditions as a query of the index.
final class Conditions {
  private Conditions() {}

  /// Whether anything in an index up to that offset may fail them.
  static boolean matter(Criteria criteria, long covered) {
    return criteria.isSelective() || criteria.maxOffset() < covered;
  }

  static Query query(Criteria criteria) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    if (criteria.from() != Long.MIN_VALUE || criteria.to() != Long.MAX_VALUE) {
      filter(all, LongPoint.newRangeQuery(IndexSchema.WHEN, criteria.from(), criteria.to()));
    }
    if (criteria.committedUntil() != Long.MAX_VALUE) {
      filter(
          all,
          LongPoint.newRangeQuery(
              IndexSchema.COMMITTED, Long.MIN_VALUE, criteria.committedUntil()));
    }
    if (criteria.maxOffset() != Long.MAX_VALUE) {
      filter(
          all,
          NumericDocValuesField.newSlowRangeQuery(
              IndexSchema.OFFSET, Long.MIN_VALUE, criteria.maxOffset()));
    }
    if (criteria.minConfidence() > 0f) {
      filter(
          all,
          FloatPoint.newRangeQuery(
              IndexSchema.CONFIDENCE, criteria.minConfidence(), Float.POSITIVE_INFINITY));
    }
    labels(all, IndexSchema.TAG, criteria.requiredTags(), Occur.FILTER);
    labels(all, IndexSchema.TAG, criteria.excludedTags(), Occur.MUST_NOT);
    labels(all, IndexSchema.PERSON, criteria.people(), Occur.FILTER);
    if (criteria.place() != null) {
      labels(all, IndexSchema.PLACE, List.of(criteria.place()), Occur.FILTER);
    }
    for (Condition condition : criteria.conditions()) {
      boolean not = condition.operator() == Condition.Operator.NE;
      all.add(PairQueries.of(condition), not ? Occur.MUST_NOT : Occur.FILTER);
    }
    // Exclusions alone match nothing.
    filter(all, MatchAllDocsQuery.INSTANCE);
    return all.build();
  }

  private static void filter(BooleanQuery.Builder all, Query query) {
    all.add(query, Occur.FILTER);
  }

  private static void labels(
      BooleanQuery.Builder all, String field, List<String> labels, Occur occur) {
    for (String label : labels) {
      all.add(new TermQuery(new Term(field, IndexSchema.term(label))), occur);
    }
  }
}

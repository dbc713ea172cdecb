package dev.myelin.memory.index;

import dev.myelin.memory.filter.Condition;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// Conditions on metadata as queries of the index.
final class PairQueries {
  private PairQueries() {}

  /// What finds the memories that pass; for `NE` those that do not.
  static Query of(Condition condition) {
    return switch (condition.operator()) {
      case EQ, NE -> equal(condition.field(), condition.value());
      case IN -> in(condition);
      case GT -> range(condition, true, false);
      case GTE -> range(condition, true, true);
      case LT -> range(condition, false, false);
      case LTE -> range(condition, false, true);
      case CONTAINS -> contains(condition);
    };
  }

  private static Query equal(String field, String value) {
    double number = Condition.number(value);
    return Double.isNaN(number)
        ? new TermQuery(new Term(IndexSchema.PAIR, IndexSchema.pair(field, value)))
        : new TermQuery(new Term(IndexSchema.NUMBER, IndexSchema.number(field, number)));
  }

  private static Query in(Condition condition) {
    List<BytesRef> texts = new ArrayList<>();
    List<BytesRef> numbers = new ArrayList<>();
    for (String value : condition.values()) {
      double number = Condition.number(value);
      if (Double.isNaN(number)) {
        texts.add(IndexSchema.pair(condition.field(), value));
      } else {
        numbers.add(IndexSchema.number(condition.field(), number));
      }
    }
    return new BooleanQuery.Builder()
        .add(new TermInSetQuery(IndexSchema.PAIR, texts), Occur.SHOULD)
        .add(new TermInSetQuery(IndexSchema.NUMBER, numbers), Occur.SHOULD)
        .build();
  }

  private static Query range(Condition condition, boolean above, boolean inclusive) {
    String field = condition.field();
    double number = Condition.number(condition.value());
    boolean words = Double.isNaN(number);
    BytesRef bound =
        words ? IndexSchema.pair(field, condition.value()) : IndexSchema.number(field, number);
    String name = IndexSchema.term(field);
    BytesRef start = new BytesRef(name + '\0');
    BytesRef end = new BytesRef(name + '\u0001');
    Query range =
        above
            ? range(words, bound, end, inclusive, false)
            : range(words, start, bound, true, inclusive);
    return words ? without(range, condition) : range;
  }

  private static Query range(
      boolean words,
      @Nullable BytesRef low,
      @Nullable BytesRef high,
      boolean withLow,
      boolean withHigh) {
    String field = words ? IndexSchema.PAIR : IndexSchema.NUMBER;
    return new TermRangeQuery(field, low, high, withLow, withHigh);
  }

  /// A word is not compared with what reads as a number.
  private static Query without(Query range, Condition condition) {
    String name = IndexSchema.term(condition.field());
    Query numbers =
        new TermRangeQuery(
            IndexSchema.NUMBER,
            new BytesRef(name + '\0'),
            new BytesRef(name + '\u0001'),
            true,
            false);
    return new BooleanQuery.Builder().add(range, Occur.FILTER).add(numbers, Occur.MUST_NOT).build();
  }

  private static Query contains(Condition condition) {
    String any = escape(IndexSchema.term(condition.field())) + "\0*";
    String lists = any.substring(0, any.length() - 1) + condition.element().charAt(0) + '*';
    return new BooleanQuery.Builder()
        .add(wildcard(any + escape(condition.element()) + '*'), Occur.SHOULD)
        .add(
            new BooleanQuery.Builder()
                .add(wildcard(any + escape(condition.value()) + '*'), Occur.FILTER)
                .add(wildcard(lists), Occur.MUST_NOT)
                .build(),
            Occur.SHOULD)
        .build();
  }

  private static Query wildcard(String pattern) {
    return new WildcardQuery(new Term(IndexSchema.PAIR, pattern));
  }

  private static String escape(String text) {
    return text.replaceAll("([*?\\\\])", "\\\\$1");
  }
}

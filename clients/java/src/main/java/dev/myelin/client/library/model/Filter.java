package dev.myelin.client.library.model;

import java.util.Collection;
import java.util.List;

/// A condition that every result meets, applied inside the search.
///
/// @param field `document_title`, `author`, `document_type`, `source_url`, `tags`, `created_at`,
///   `document_id`, `chunk_index`, or a member of the documents' own metadata
/// @param value a text, a number or a truth value; for IN a list of them
public record Filter(String field, Operator operator, Object value) {

  /// How a field is compared. Values that read as numbers are compared as numbers.
  public enum Operator {
    EQ,
    /// Also holds where the member is missing.
    NE,
    GT,
    GTE,
    LT,
    LTE,
    /// One of a list.
    IN,
    /// A part of a text, or a whole element of a list.
    CONTAINS
  }

  public static Filter eq(String field, Object value) {
    return new Filter(field, Operator.EQ, value);
  }

  public static Filter ne(String field, Object value) {
    return new Filter(field, Operator.NE, value);
  }

  public static Filter gt(String field, Object value) {
    return new Filter(field, Operator.GT, value);
  }

  public static Filter gte(String field, Object value) {
    return new Filter(field, Operator.GTE, value);
  }

  public static Filter lt(String field, Object value) {
    return new Filter(field, Operator.LT, value);
  }

  public static Filter lte(String field, Object value) {
    return new Filter(field, Operator.LTE, value);
  }

  public static Filter in(String field, Collection<?> values) {
    return new Filter(field, Operator.IN, List.copyOf(values));
  }

  public static Filter contains(String field, Object value) {
    return new Filter(field, Operator.CONTAINS, value);
  }
}

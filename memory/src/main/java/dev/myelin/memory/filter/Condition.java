package dev.myelin.memory.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one pair of a memory's metadata must be like.
///
/// Texts that read as numbers are compared as numbers, with other such texts; all others by their
/// characters. A list is one text, made by [#list(List)].
///
/// @param field the name of the pair
/// @param values what it is compared with: several for [Operator#IN], one for the others
public record Condition(String field, Operator operator, List<String> values) {
  private static final char SEPARATOR = '\u001f';

  /// How a value is compared.
  public enum Operator {
    EQ,
    /// Also true where there is no such pair.
    NE,
    GT,
    GTE,
    LT,
    LTE,
    IN,
    /// A part of a text, or one whole element of a list.
    CONTAINS
  }

  public Condition {
    values = List.copyOf(values);
    if (values.isEmpty() || (operator != Operator.IN && values.size() != 1)) {
      throw new IllegalArgumentException(
          "values: " + values.size() + " for " + operator + " (expected: 1, or more for IN)");
    }
  }

  /// A list in the form in which conditions look into it.
  public static String list(List<String> elements) {
    String separator = String.valueOf(SEPARATOR);
    return elements.isEmpty()
        ? separator
        : separator + String.join(separator, elements) + separator;
  }

  /// The elements of a text made by [#list(List)]; null if it is another text.
  public static @Nullable List<String> elements(String text) {
    if (text.isEmpty() || text.charAt(0) != SEPARATOR) {
      return null;
    }
    return text.length() == 1
        ? List.of()
        : List.of(text.substring(1, text.length() - 1).split(String.valueOf(SEPARATOR), -1));
  }

  /// The number a text reads as, or NaN.
  public static double number(String text) {
    if (text.isEmpty() || text.length() > 32 || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return Double.NaN;
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isInfinite(number) ? Double.NaN : number + 0.0;
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }

  /// The one value of all operators but [Operator#IN].
  public String value() {
    return values.getFirst();
  }

  /// What a list that contains the value has in its text.
  public String element() {
    return SEPARATOR + value() + SEPARATOR;
  }

  /// Whether a value passes; null if there is no such pair.
  public boolean accepts(@Nullable String actual) {
    if (actual == null) {
      return operator == Operator.NE;
    }
    return switch (operator) {
      case EQ -> isEqual(actual, value());
      case NE -> !isEqual(actual, value());
      case GT -> compare(actual) > 0;
      case GTE -> compare(actual) >= 0;
      case LT -> isComparable(actual) && compare(actual) < 0;
      case LTE -> isComparable(actual) && compare(actual) <= 0;
      case IN -> values.stream().anyMatch(value -> isEqual(actual, value));
      case CONTAINS ->
          elements(actual) == null ? actual.contains(value()) : actual.contains(element());
    };
  }

  private static boolean isEqual(String actual, String value) {
    double wanted = number(value);
    return Double.isNaN(wanted) ? actual.equals(value) : number(actual) == wanted;
  }

  private boolean isComparable(String actual) {
    return Double.isNaN(number(value())) == Double.isNaN(number(actual));
  }

  /// Below 0 also where the two cannot be compared.
  private int compare(String actual) {
    if (!isComparable(actual)) {
      return -1;
    }
    double wanted = number(value());
    return Double.isNaN(wanted)
        ? actual.compareTo(value())
        : Double.compare(number(actual), wanted);
  }
}

package dev.myelin.library.job.work;

import dev.myelin.library.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows of a table as text (RFC 4180): texts and numbers as they are, lists and objects as JSON,
/// nothing for null.
final class Csv {
  private static final String NEXT_ROW = "\r\n";

  private Csv() {}

  static String header(List<String> columns) {
    return columns.stream().map(Csv::quoted).collect(Collectors.joining(",", "", NEXT_ROW));
  }

  /// @param columns which members, in order
  static String row(List<String> columns, Map<String, @Nullable Object> members) {
    return columns.stream()
        .map(column -> quoted(text(members.get(column))))
        .collect(Collectors.joining(",", "", NEXT_ROW));
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      default -> new String(Json.writeValue(value), StandardCharsets.UTF_8);
    };
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(one -> one == '"' || one == ',' || isBreak(one));
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private static boolean isBreak(int character) {
    return character == '\r' || character == '\n';
  }
}

package dev.myelin.edge.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path with names in braces for what varies, such as `/v1/libraries/{library_id}`.
///
/// @param segments without slashes
public record PathTemplate(List<String> segments) {
  public PathTemplate {
    segments = List.copyOf(segments);
  }

  static PathTemplate parse(String template) {
    return new PathTemplate(List.of(template.substring(1).split("/", -1)));
  }

  /// The values of the names, or null if the path is another.
  @Nullable Map<String, String> match(List<String> path) {
    if (path.size() != segments.size()) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String expected = segments.get(i);
      if (isName(expected)) {
        if (path.get(i).isEmpty()) {
          return null;
        }
        values.put(expected.substring(1, expected.length() - 1), path.get(i));
      } else if (!expected.equals(path.get(i))) {
        return null;
      }
    }
    return values;
  }

  private static boolean isName(String segment) {
    return segment.startsWith("{");
  }

  /// How many segments are fixed: of two templates that match, the one with more is meant.
  long fixedSegments() {
    return segments.stream().filter(segment -> !isName(segment)).count();
  }

  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }
}

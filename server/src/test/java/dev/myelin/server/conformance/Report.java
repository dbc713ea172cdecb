package dev.myelin.server.conformance;

import dev.myelin.server.conformance.Case.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What came of each case.
final class Report {
  private static final String FAILED = "FAILED";

  private final Map<String, Map<Case, String>> results = new LinkedHashMap<>();

  /// A case that does not end has failed.
  void began(Surface surface, Case one) {
    put(surface, one, FAILED);
  }

  void ended(Surface surface, Case one, Result result) {
    put(surface, one, result.name());
  }

  private void put(Surface surface, Case one, String result) {
    results.computeIfAbsent(surface.path(), _ -> new LinkedHashMap<>()).put(one, result);
  }

  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    results.forEach((path, cases) -> {
      text.append(path)
          .append(": ")
          .append(
              cases.values().stream()
                  .collect(Collectors.groupingBy(result -> result, Collectors.counting())))
          .append('\n');
      cases.forEach((one, result) ->
          text.append(
              String.format(Locale.ROOT, "  %-8s %-10s %s%n", one.id(), result, one.name())));
    });
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }
}

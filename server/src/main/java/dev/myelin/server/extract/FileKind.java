package dev.myelin.server.extract;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What sort of file it is: by the ending of its name, and where that says nothing, by how it
/// begins.
public enum FileKind {
  TEXT,
  MARKDOWN,
  HTML,
  /// Documents, a JSON object on each line.
  JSONL,
  PDF;

  /// How much of a file has to be seen.
  public static final int HEAD_BYTES = 4_096;

  private static final Pattern OBJECT = Pattern.compile("\\{\\s*\"");
  private static final Map<String, FileKind> ENDINGS =
      Map.ofEntries(
          Map.entry("txt", TEXT),
          Map.entry("text", TEXT),
          Map.entry("log", TEXT),
          Map.entry("md", MARKDOWN),
          Map.entry("markdown", MARKDOWN),
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", HTML),
          Map.entry("jsonl", JSONL),
          Map.entry("ndjson", JSONL),
          Map.entry("pdf", PDF));

  /// Its name as documents carry it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The sort of a file.
  ///
  /// @param head how it begins
  /// @return empty if it is none of these
  public static Optional<FileKind> of(String name, byte[] head) {
    FileKind byName = ENDINGS.get(ending(name));
    return byName == null ? ofContent(head) : Optional.of(byName);
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static Optional<FileKind> ofContent(byte[] head) {
    String begin = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
    String lower = begin.toLowerCase(Locale.ROOT);
    if (begin.startsWith("%PDF-")) {
      return Optional.of(PDF);
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of(HTML);
    }
    if (PlainText.isBinary(head)) {
      return Optional.empty();
    }
    // A line that is cut off by the end of what was seen is taken for a whole one.
    String line = begin.lines().findFirst().orElse("").strip();
    boolean whole = line.endsWith("}") || begin.indexOf('\n') < 0;
    return Optional.of(OBJECT.matcher(line).lookingAt() && whole ? JSONL : TEXT);
  }
}

package dev.myelin.server.extract;

import org.jspecify.annotations.Nullable;

/// The text of a file.
///
/// @param title what the file itself says that it is called; null if it does not
/// @param text parted by empty lines, headings in the manner of Markdown
public record Extracted(@Nullable String title, String text) {
  /// Longest text that is taken from a file: what a server takes unless it is told otherwise.
  public static final int MAX_CHARACTERS = 4_000_000;

  private static final int MAX_TITLE = 200;

  /// Checks that there is something to find.
  ///
  /// @throws UnreadableException if there is no text, or too much
  static Extracted of(@Nullable String title, String text) throws UnreadableException {
    if (text.isBlank()) {
      throw new UnreadableException("there is no text in it");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw tooLong();
    }
    String line = title == null ? "" : title.replaceAll("\\s+", " ").strip();
    return new Extracted(line.isEmpty() ? null : cut(line), text.strip());
  }

  static UnreadableException tooLong() {
    return new UnreadableException(
        "its text has more than " + MAX_CHARACTERS + " characters (expected: a shorter document)");
  }

  private static String cut(String line) {
    return line.codePointCount(0, line.length()) <= MAX_TITLE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_TITLE - 1)) + "…";
  }
}

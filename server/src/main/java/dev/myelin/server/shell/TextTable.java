package dev.myelin.server.shell;

import java.util.ArrayList;
import java.util.List;

/// A table fitted to a width: one column takes what the others leave, and is cut where it is
/// longer.
public final class TextTable {
  private static final String GAP = "  ";
  private static final int LEAST_FLEXIBLE = 12;

  private final List<String> head;
  private final int flexible;
  private final List<List<String>> rows = new ArrayList<>();

  /// Makes a table.
  ///
  /// @param flexible the column that gives way
  public TextTable(int flexible, String... head) {
    this.head = List.of(head);
    this.flexible = flexible;
  }

  public void add(String... cells) {
    rows.add(List.of(cells));
  }

  /// The lines of the table, its head first.
  public List<String> lines(Terminal terminal) {
    int[] widths = new int[head.size()];
    measure(widths, head);
    rows.forEach(row -> measure(widths, row));
    int fixed = GAP.length() * (widths.length - 1);
    for (int i = 0; i < widths.length; i++) {
      fixed += i == flexible ? 0 : widths[i];
    }
    widths[flexible] =
        Math.clamp(widths[flexible], 1, Math.max(LEAST_FLEXIBLE, terminal.width() - fixed));
    List<String> lines = new ArrayList<>();
    lines.add(terminal.bold(line(head, widths)));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private static void measure(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      widths[i] = Math.max(widths[i], cell.codePointCount(0, cell.length()));
    }
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = fit(cells.get(i), widths[i]);
      line.append(i == 0 ? "" : GAP).append(cell);
      line.repeat(' ', widths[i] - cell.codePointCount(0, cell.length()));
    }
    return line.toString().stripTrailing();
  }

  /// At most so many characters of a text, on one line.
  public static String fit(String text, int width) {
    String flat = flat(text);
    if (flat.codePointCount(0, flat.length()) <= width) {
      return flat;
    }
    return flat.substring(0, flat.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  /// A text without line breaks and what else would move a terminal's cursor.
  public static String flat(String text) {
    StringBuilder flat = new StringBuilder(text.length());
    text.codePoints().forEach(c -> flat.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return flat.toString().strip();
  }
}

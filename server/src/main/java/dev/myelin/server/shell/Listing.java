package dev.myelin.server.shell;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/// How things of one kind are listed: for people as a table, for programs as one JSON object on a
/// line for each.
///
/// @param none what people are told when there is nothing
/// @param head the names of the columns
/// @param flexible the column that gives way where the terminal is narrow
/// @param row the cells of one thing
/// @param line the JSON of one thing
public record Listing<T>(
    String none,
    List<String> head,
    int flexible,
    Function<T, List<String>> row,
    Function<T, JsonLine> line) {
  public Listing {
    head = List.copyOf(head);
  }

  public void print(List<T> all, boolean json, PrintWriter out) {
    if (json) {
      all.forEach(one -> out.println(line.apply(one)));
    } else if (all.isEmpty()) {
      out.println(none);
    } else {
      TextTable table = new TextTable(flexible, head.toArray(String[]::new));
      all.forEach(one -> table.add(row.apply(one).toArray(String[]::new)));
      table.lines(Terminal.detect()).forEach(out::println);
    }
  }
}

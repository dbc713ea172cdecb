package dev.myelin.journal;

import java.util.List;

/// Consecutive records of a stream.
///
/// @param next the offset to go on from
/// @param end the newest offset when the page was read
public record Page(List<JournalRecord> records, long next, long end) {
  public Page {
    records = List.copyOf(records);
  }

  public boolean isLast() {
    return next > end;
  }
}

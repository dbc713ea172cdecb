package dev.myelin.journal;

/// How much a page may hold: it ends before the record that would go past either bound, but always
/// holds one if there is one.
public record PageLimit(int maxRecords, int maxBytes) {
  public static final PageLimit DEFAULT = new PageLimit(1_000, 4 * 1024 * 1024);

  public PageLimit {
    if (maxRecords < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "page limit: " + maxRecords + " records, " + maxBytes + " bytes (expected: 1 or more)");
    }
  }
}

package dev.myelin.journal;

/// Names a keyed projection of the streams. The name is part of the stored form.
///
/// @param name 1 to 32 characters of `a-z`, `0-9` and `-`, each table its own
public record Table(String name) {
  public Table {
    if (!name.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException("name: " + name + " (expected: 1 to 32 of a-z, 0-9, -)");
    }
  }
}

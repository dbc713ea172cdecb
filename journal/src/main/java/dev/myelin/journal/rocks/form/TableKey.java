package dev.myelin.journal.rocks.form;

import dev.myelin.journal.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A key of a table as it is stored: length of the table's name (1 byte), name, key. So all tables
/// share one keyed space, and none is a prefix of another.
public final class TableKey {
  private final byte[] bytes;
  private final int hash;

  private TableKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public static TableKey of(Table table, byte[] key) {
    return new TableKey(stored(table, key));
  }

  public static byte[] stored(Table table, byte[] key) {
    byte[] name = table.name().getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[1 + name.length + key.length];
    bytes[0] = (byte) name.length;
    System.arraycopy(name, 0, bytes, 1, name.length);
    System.arraycopy(key, 0, bytes, 1 + name.length, key.length);
    return bytes;
  }

  /// The key as the table's user knows it.
  public static byte[] unstored(Table table, byte[] stored) {
    return Arrays.copyOfRange(stored, 1 + table.name().length(), stored.length);
  }

  /// The first stored key after all that start with this one.
  public byte[] after() {
    int last = bytes.length - 1;
    while (bytes[last] == (byte) 0xff) {
      last--; // ends at the latest at the length of the name
    }
    byte[] after = Arrays.copyOf(bytes, last + 1);
    after[last]++;
    return after;
  }

  public byte[] bytes() {
    return bytes;
  }

  public boolean startsWith(TableKey prefix) {
    int length = prefix.bytes.length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, prefix.bytes, 0, length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

package dev.myelin.memory.space;

import dev.myelin.journal.Table;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The journal's tables of spaces, and their keys. A space's key is `{tenant}/{name}` and a zero
/// byte.
public final class SpaceTables {
  /// Space to [SpaceRow].
  public static final Table SPACES = new Table("space");

  /// Space and memory id to [IdRow].
  public static final Table IDS = new Table("memory-id");

  /// Space and offset (big-endian) of each memory that waits for its embedding, to nothing.
  public static final Table WAITING = new Table("embedding-waiting");

  private SpaceTables() {}

  public static byte[] key(SpaceId space) {
    return (space.tenant() + "/" + space.name() + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /// What the keys of a tenant's spaces begin with.
  public static byte[] tenantKey(String tenant) {
    return (tenant + "/").getBytes(StandardCharsets.UTF_8);
  }

  /// The space that a key begins with.
  public static SpaceId space(byte[] key) {
    int slash = indexOf(key, '/');
    int end = indexOf(key, 0);
    return new SpaceId(
        new String(key, 0, slash, StandardCharsets.UTF_8),
        new String(key, slash + 1, end - slash - 1, StandardCharsets.UTF_8));
  }

  private static int indexOf(byte[] key, int wanted) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    throw new IllegalArgumentException("key: " + Arrays.toString(key) + " (expected: a space's)");
  }

  public static byte[] idKey(byte[] space, MemoryId id) {
    byte[] utf8 = id.value().getBytes(StandardCharsets.UTF_8);
    byte[] key = Arrays.copyOf(space, space.length + utf8.length);
    System.arraycopy(utf8, 0, key, space.length, utf8.length);
    return key;
  }

  public static byte[] waitingKey(byte[] space, long offset) {
    return ByteBuffer.allocate(space.length + Long.BYTES).put(space).putLong(offset).array();
  }

  /// The offset at the end of a key of [#WAITING].
  public static long waitingOffset(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }
}

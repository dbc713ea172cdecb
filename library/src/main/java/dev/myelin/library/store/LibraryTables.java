package dev.myelin.library.store;

import dev.myelin.journal.Table;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.SpaceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The journal's tables of libraries, and their keys. A library's key is that of its space.
public final class LibraryTables {
  /// Library to [LibraryRow].
  public static final Table LIBRARIES = new Table("library");

  /// Library to [LibraryState].
  public static final Table STATES = new Table("library-state");

  /// Library and document id to [DocumentRow].
  public static final Table DOCUMENTS = new Table("document");

  /// Tenant, document id and library's name, to nothing. May name documents that are gone with
  /// their library.
  public static final Table HOMES = new Table("document-home");

  /// Library and offset (big-endian) of each event that is kept, to nothing.
  public static final Table CHANGES = new Table("change");

  /// Library that was deleted, and when (ms, big-endian), to its last event.
  public static final Table DELETED = new Table("library-deleted");

  /// Library and id of each job that is not over, or has left a file, to nothing. Whoever writes
  /// for a job looks here first: it goes with its library.
  public static final Table JOBS = new Table("library-job");

  private LibraryTables() {}

  public static byte[] key(SpaceId library) {
    return SpaceTables.key(library);
  }

  public static byte[] documentKey(byte[] library, String documentId) {
    return join(library, documentId.getBytes(StandardCharsets.UTF_8));
  }

  /// The document id at the end of a key of [#DOCUMENTS].
  public static String documentId(byte[] library, byte[] key) {
    return new String(key, library.length, key.length - library.length, StandardCharsets.UTF_8);
  }

  public static byte[] homesOf(String tenant, String documentId) {
    return (tenant + "/" + documentId + "\0").getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] homeKey(SpaceId library, String documentId) {
    return join(
        homesOf(library.tenant(), documentId), library.name().getBytes(StandardCharsets.UTF_8));
  }

  /// A library's key with a number behind it, in order of the number.
  public static byte[] numbered(byte[] library, long number) {
    return ByteBuffer.allocate(library.length + Long.BYTES).put(library).putLong(number).array();
  }

  /// The number at the end of a key made by [#numbered(byte[], long)].
  public static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  /// The first key that can follow this one.
  public static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] key = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, key, head.length, tail.length);
    return key;
  }
}

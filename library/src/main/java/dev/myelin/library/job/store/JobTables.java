package dev.myelin.library.job.store;

import dev.myelin.journal.Table;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.SpaceId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// The journal's tables of jobs, and their keys.
final class JobTables {
  /// Tenant and complement of the id, so that the newest job comes first, to [JobRow].
  static final Table JOBS = new Table("job");

  /// Tenant and name of a request, to the id of the job that was accepted for it.
  static final Table REQUESTS = new Table("job-request");

  /// Id, number of an item and number of a part of it, to that part.
  static final Table ITEMS = new Table("job-item");

  private static final int ID_BYTES = 16;

  private JobTables() {}

  /// The id that a text says, if it is written as ids are.
  static Optional<UUID> id(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static byte[] ofTenant(String tenant) {
    return SpaceTables.tenantKey(tenant);
  }

  static byte[] job(String tenant, UUID id) {
    return named(
        ofTenant(tenant), new UUID(~id.getMostSignificantBits(), ~id.getLeastSignificantBits()));
  }

  static byte[] request(String tenant, UUID request) {
    return named(ofTenant(tenant), request);
  }

  private static byte[] named(byte[] prefix, UUID id) {
    return ByteBuffer.allocate(prefix.length + ID_BYTES).put(prefix).put(bytes(id)).array();
  }

  /// What the keys of a job's items begin with.
  static byte[] items(UUID id) {
    return bytes(id);
  }

  static UUID id(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new UUID(in.getLong(), in.getLong());
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(ID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  static byte[] item(UUID id, long index, int part) {
    return ByteBuffer.allocate(ID_BYTES + Long.BYTES + Integer.BYTES)
        .put(items(id))
        .putLong(index)
        .putInt(part)
        .array();
  }

  static UUID jobOfItem(byte[] key) {
    return id(key);
  }

  static long indexOfItem(byte[] key) {
    return ByteBuffer.wrap(key).getLong(ID_BYTES);
  }

  /// A key of [LibraryTables#JOBS].
  static byte[] bond(SpaceId library, UUID id) {
    return named(LibraryTables.key(library), id);
  }
}

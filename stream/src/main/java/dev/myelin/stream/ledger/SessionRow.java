package dev.myelin.stream.ledger;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/// What is kept of an open session.
///
/// Stored form: version (1), floor (8), highest (8), milliseconds of creation (8) and of the newest
/// verdict (8), length of the tenant's name (1), tenant, space; text in ASCII.
///
/// @param floor the highest number up to which every number has its verdict
/// @param highest the highest number that has a verdict; above the floor if numbers were settled
///   out of order
/// @param lastSeen when the newest verdict was made durable
public record SessionRow(
    SessionId id, SpaceId space, long floor, long highest, Instant createdAt, Instant lastSeen) {

  static final byte VERSION = 1;
  static final int FLOOR = 1;
  static final int HIGHEST = 9;
  static final int LAST_SEEN = 25;
  private static final int CREATED = 17;
  private static final int NAMES = 33;

  /// The key of a session.
  static byte[] key(SessionId id) {
    return ByteBuffer.allocate(16)
        .putLong(id.value().getMostSignificantBits())
        .putLong(id.value().getLeastSignificantBits())
        .array();
  }

  byte[] encode() {
    byte[] tenant = space.tenant().getBytes(StandardCharsets.US_ASCII);
    byte[] name = space.name().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(NAMES + 1 + tenant.length + name.length)
        .put(VERSION)
        .putLong(floor)
        .putLong(highest)
        .putLong(createdAt.toEpochMilli())
        .putLong(lastSeen.toEpochMilli())
        .put((byte) tenant.length)
        .put(tenant)
        .put(name)
        .array();
  }

  static SessionRow decode(byte[] key, byte[] row) {
    if (key.length != 16 || row.length <= NAMES || row[0] != VERSION) {
      throw unreadable("session of version " + (row.length == 0 ? "none" : row[0]));
    }
    ByteBuffer id = ByteBuffer.wrap(key);
    ByteBuffer in = ByteBuffer.wrap(row);
    int tenantLength = row[NAMES];
    int nameAt = NAMES + 1 + tenantLength;
    return new SessionRow(
        new SessionId(new UUID(id.getLong(), id.getLong())),
        new SpaceId(
            new String(row, NAMES + 1, tenantLength, StandardCharsets.US_ASCII),
            new String(row, nameAt, row.length - nameAt, StandardCharsets.US_ASCII)),
        in.getLong(FLOOR),
        in.getLong(HIGHEST),
        Instant.ofEpochMilli(in.getLong(CREATED)),
        Instant.ofEpochMilli(in.getLong(LAST_SEEN)));
  }

  static ServiceException unreadable(String what) {
    return new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "The data folder holds a "
            + what
            + ", which this version cannot read."
            + " Start the version that wrote it, or restore a backup.");
  }
}

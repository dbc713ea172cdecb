package dev.myelin.memory.space;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import java.time.Instant;

/// What the table of spaces holds of one: u8 version, i64 created (ms), u16 dimension, i64
/// memories, i64 the offset at which they were counted.
///
/// @param dimension of its embeddings, 0 while it has none
/// @param memories how many could be recalled when the stream ended at `countedAt`
public record SpaceRow(Instant createdAt, int dimension, long memories, long countedAt) {
  private static final int VERSION = 1;
  private static final int BYTES = 27;

  public static SpaceRow created(Instant at, int dimension) {
    return new SpaceRow(at, dimension, 0, 0);
  }

  public SpaceRow withDimension(int fixed) {
    return new SpaceRow(createdAt, fixed, memories, countedAt);
  }

  public SpaceRow withCount(long count, long offset) {
    return new SpaceRow(createdAt, dimension, count, offset);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) VERSION)
        .putLong(createdAt.toEpochMilli())
        .putShort((short) dimension)
        .putLong(memories)
        .putLong(countedAt)
        .array();
  }

  /// Reads it back from its stored form.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if it is of another version
  public static SpaceRow decode(byte[] bytes) {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNUSABLE,
          "The row of a space cannot be read ("
              + bytes.length
              + " bytes; expected: 27, version 1). Use the version of Myelin that wrote the data"
              + " folder, or restore a backup.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    Instant createdAt = Instant.ofEpochMilli(in.getLong());
    return new SpaceRow(createdAt, in.getShort() & 0xffff, in.getLong(), in.getLong());
  }
}

package dev.myelin.memory.space;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;

/// Where the memory of an id is: u8 flags, i64 offset, i64 offset of the record with its embedding.
///
/// @param offset the offset of the newest memory of that id
/// @param vectorOffset the offset of the record with its embedding, 0 if it has none
/// @param hidden whether it is suppressed
public record IdRow(long offset, long vectorOffset, boolean hidden) {
  private static final int BYTES = 17;

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) (hidden ? 1 : 0))
        .putLong(offset)
        .putLong(vectorOffset)
        .array();
  }

  /// Reads it back from its stored form.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if the bytes are no such row
  public static IdRow decode(byte[] bytes) {
    if (bytes.length != BYTES || bytes[0] < 0 || bytes[0] > 1) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNUSABLE,
          "The row of a memory cannot be read. Use the version of Myelin that wrote the data folder,"
              + " or restore a backup.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    return new IdRow(in.getLong(), in.getLong(), bytes[0] == 1);
  }
}

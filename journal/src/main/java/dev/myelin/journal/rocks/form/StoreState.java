package dev.myelin.journal.rocks.form;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The journal's own numbers, written with every batch: three times 8 bytes, big-endian.
///
/// @param nextStreamId what the next new stream is called
/// @param batch the number of the newest batch
/// @param erasing the newest batch that erased payloads whose bytes may still be in the files, or 0
public record StoreState(long nextStreamId, long batch, long erasing) {

  private static final StoreState NEW = new StoreState(1, 0, 0);
  private static final int LENGTH = 3 * Long.BYTES;

  /// The numbers after one more batch.
  ///
  /// @param purged the newest batch whose erased payloads are out of the files
  public StoreState next(long nextStreamId, boolean erases, long purged) {
    long after = batch + 1;
    return new StoreState(nextStreamId, after, erases ? after : erasing <= purged ? 0 : erasing);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .putLong(nextStreamId)
        .putLong(batch)
        .putLong(erasing)
        .array();
  }

  /// Reads the stored numbers back; null if there are none yet.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if they are not what was written
  public static StoreState decode(byte @Nullable [] stored) {
    if (stored == null) {
      return NEW;
    }
    if (stored.length != LENGTH) {
      throw StorageFailure.damaged("the journal's own numbers cannot be read");
    }
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    return new StoreState(buffer.getLong(), buffer.getLong(), buffer.getLong());
  }
}

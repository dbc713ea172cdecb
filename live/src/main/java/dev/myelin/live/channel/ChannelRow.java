package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where a channel's log stands, as it is kept: version (1 byte), whether it is deleted (1), nonce
/// (8), end (8), floor (8), due (8), big-endian.
///
/// @param deleted whether nothing was published since it was deleted
/// @param nonce what its epoch is made of
/// @param end the offset of the newest event
/// @param floor the offset before the oldest event that is there
/// @param due its time in the table of what is due, in ms: its oldest event is not older, or it was
///   deleted then; [#NEVER] if it is not in there
record ChannelRow(boolean deleted, long nonce, long end, long floor, long due) {
  static final long NEVER = -1;

  private static final byte VERSION = 1;
  private static final int LENGTH = 34;

  /// A channel to which nothing was published.
  static ChannelRow empty(long nonce) {
    return new ChannelRow(false, nonce, 0, 0, NEVER);
  }

  boolean isDue() {
    return due != NEVER;
  }

  /// With one more event.
  ChannelRow published(long due) {
    return new ChannelRow(false, nonce, end + 1, floor, due);
  }

  /// Without the events up to an offset.
  ChannelRow trimmed(long floor, long due) {
    return new ChannelRow(deleted, nonce, end, floor, due);
  }

  /// Deletes the channel with that key, and keeps for a while that it had another epoch.
  void delete(Batch batch, byte[] key, long newNonce) {
    long now = batch.time().toEpochMilli();
    if (isDue()) {
      batch.delete(ChannelTables.DUE, ChannelTables.due(due, key));
    }
    batch.deleteAll(ChannelTables.EVENTS, key.clone());
    batch.put(ChannelTables.DUE, ChannelTables.due(now, key), new byte[0]);
    ChannelRow left = new ChannelRow(true, newNonce, 0, 0, now);
    batch.put(ChannelTables.CHANNELS, key.clone(), left.encode());
  }

  byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .put(VERSION)
        .put((byte) (deleted ? 1 : 0))
        .putLong(nonce)
        .putLong(end)
        .putLong(floor)
        .putLong(due)
        .array();
  }

  /// @throws ServiceException STORAGE_UNUSABLE if it is of another version or cut
  static @Nullable ChannelRow decode(byte @Nullable [] row) {
    if (row == null) {
      return null;
    }
    if (row.length != LENGTH || row[0] != VERSION) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNUSABLE,
          "A row of a channel cannot be read (expected: version "
              + VERSION
              + "). It was written by a newer server, or the data folder is damaged.");
    }
    ByteBuffer fields = ByteBuffer.wrap(row, 1, LENGTH - 1);
    return new ChannelRow(
        fields.get() != 0, fields.getLong(), fields.getLong(), fields.getLong(), fields.getLong());
  }
}

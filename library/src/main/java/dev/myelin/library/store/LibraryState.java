package dev.myelin.library.store;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What changes of a library with every write: u8 version, five i64.
///
/// @param documents how many it has
/// @param passages how many passages they have
/// @param events how many events are kept
/// @param lastEvent the offset of the newest event, 0 for none
/// @param floor the offset of the newest event that is not kept any more, 0 for none
public record LibraryState(long documents, long passages, long events, long lastEvent, long floor) {
  public static final LibraryState EMPTY = new LibraryState(0, 0, 0, 0, 0);

  private static final int VERSION = 1;
  private static final int BYTES = 41;

  public LibraryState counting(long moreDocuments, long morePassages) {
    return new LibraryState(
        documents + moreDocuments, passages + morePassages, events, lastEvent, floor);
  }

  public LibraryState withEvent(long offset) {
    return new LibraryState(documents, passages, events + 1, offset, floor);
  }

  public LibraryState trimmed(long gone, long newFloor) {
    return new LibraryState(documents, passages, events - gone, lastEvent, newFloor);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) VERSION)
        .putLong(documents)
        .putLong(passages)
        .putLong(events)
        .putLong(lastEvent)
        .putLong(floor)
        .array();
  }

  /// Reads it back from its stored form; null is the state of a library that nothing was done with.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if it is of another version
  public static LibraryState decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return EMPTY;
    }
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNUSABLE,
          "The state of a library cannot be read ("
              + bytes.length
              + " bytes; expected: 41, version 1). Use the version of Myelin that wrote the data"
              + " folder, or restore a backup.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    return new LibraryState(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }
}

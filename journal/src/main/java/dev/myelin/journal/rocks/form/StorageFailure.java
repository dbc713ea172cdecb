package dev.myelin.journal.rocks.form;

import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// The texts of what goes wrong with the data folder.
public final class StorageFailure {
  private static final String UNREADABLE =
      "The server's disk could not be read. Try again; if it stays so, check the disk.";

  private StorageFailure() {}

  public static ServiceException damagedRecord(StreamName stream, long offset, String how) {
    return damaged("record " + offset + " of stream " + stream.path() + " is damaged: " + how);
  }

  public static ServiceException damaged(String what) {
    return new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "Stored data is damaged: "
            + what
            + ". Everything else can still be read. Check the disk, then restore a backup.");
  }

  /// What a failed read means for the reader.
  public static ServiceException whileReading(RocksDBException cause) {
    if (isDamage(cause)) {
      return new ServiceException(
          ErrorCode.STORAGE_UNUSABLE,
          "Stored data is damaged: a checksum does not match. Everything else can still be read."
              + " Check the disk, then restore a backup.",
          null,
          cause);
    }
    return new ServiceException(ErrorCode.STORAGE_UNAVAILABLE, UNREADABLE, null, cause);
  }

  public static ServiceException unreadable() {
    return new ServiceException(ErrorCode.STORAGE_UNAVAILABLE, UNREADABLE);
  }

  public static ServiceException closed() {
    return new ServiceException(
        ErrorCode.SHUTTING_DOWN, "The server is shutting down. Try again when it is back.");
  }

  public static boolean isDamage(RocksDBException cause) {
    return cause.getStatus() != null && cause.getStatus().getCode() == Status.Code.Corruption;
  }
}

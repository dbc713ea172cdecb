package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.Database.OpenMode;
import dev.myelin.journal.rocks.form.StoreState;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes batches, and knows what became of one when the disk fails. Used by the committer thread
/// only; [#trouble()] may be asked by any.
///
/// **A failed write** may have reached the disk or not. So the database is closed and opened again,
/// as after a crash, and its own number of the newest batch tells. If it cannot be opened for
/// writing, it is opened for reading, so that reads go on. Until a write succeeds again the writer
/// is in trouble: whoever uses it refuses new work and calls [#recover()] from time to time.
///
/// **A full disk** is not waited for: writes stop while there is still room for what is in memory
/// and the configured reserve, so that the database never meets the end of the disk.
final class DurableWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DurableWriter.class);

  private final Store store;
  private final Disk disk;
  private final long reserveBytes;
  private final Purger purger;
  private final BatchWriter writer;
  private StoreState state;
  private volatile @Nullable ServiceException trouble;

  /// Whether the database must be opened again before it is written.
  private boolean suspect;

  DurableWriter(Store store, Disk disk, Purger purger, JournalConfig config) {
    this.store = store;
    this.purger = purger;
    this.disk = disk;
    this.reserveBytes = config.disk().reserveBytes();
    this.writer = new BatchWriter(config.sync());
    this.state = store.state();
  }

  /// The newest batch.
  StoreState state() {
    return state;
  }

  /// Why nothing is written, or null if all is well.
  @Nullable ServiceException trouble() {
    return trouble;
  }

  /// How many bytes the last batch had.
  long lastBytes() {
    return writer.preparedBytes();
  }

  /// Writes changes and, by configuration, syncs.
  ///
  /// @return null if they are durable, else what their transactions are to be told
  @Nullable ServiceException write(Changes changes, long nextStreamId) {
    StoreState next = state.next(nextStreamId, changes.leavesGarbage(), purger.purged());
    if (!hasRoom()) {
      return trouble;
    }
    ServiceException failure = null;
    try {
      write(changes, next);
    } catch (RocksDBException | RuntimeException e) {
      failure = findOut(next, e);
    }
    purger.wrote();
    if (failure == null && changes.leavesGarbage()) {
      purger.erased(next.batch());
    }
    return failure;
  }

  private void write(Changes changes, StoreState next) throws RocksDBException {
    store.write(open -> {
      writer.prepare(open, changes, next);
      disk.write(open, writer.options(), writer.batch());
    });
    state = next;
  }

  /// Tries to write again after trouble.
  ///
  /// @return whether all is well
  boolean recover() {
    try {
      if (!hasRoom()) {
        return false;
      }
      disk.probe();
      if (suspect) {
        reopen(OpenMode.READ_WRITE);
      }
      suspect = true;
      write(new Changes(), state.next(state.nextStreamId(), false, purger.purged()));
      suspect = false;
    } catch (IOException | RocksDBException | RuntimeException e) {
      log.atDebug().setCause(e).log("The disk still fails");
      if (!store.isReadable()) {
        fallBack();
      }
      return false;
    }
    trouble = null;
    log.atInfo().log("The journal can be written again");
    return true;
  }

  private boolean hasRoom() {
    long needed = reserveBytes + (store.isReadable() ? store.read(Database::unflushedBytes) : 0);
    try {
      if (disk.usableBytes() >= needed) {
        return true;
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("The free space is not known");
      return true; // the write will tell
    }
    if (trouble == null) {
      log.atError()
          .addKeyValue("neededBytes", needed)
          .log("The disk is full: writes are refused until space is freed");
    }
    trouble =
        unavailable(
            "The server's disk is full; nothing was stored, and what was stored can be read. Free"
                + " some space: writing then goes on by itself.");
    return false;
  }

  /// Opens the database again and looks whether a batch is in it.
  private @Nullable ServiceException findOut(StoreState attempted, Exception cause) {
    log.atError().setCause(cause).log("The journal could not be written: writes are refused");
    ServiceException refused =
        unavailable(
            "The server's disk failed; nothing was stored, and what was stored can be read. Check"
                + " the disk: writing then goes on by itself.");
    trouble = refused;
    suspect = true;
    try {
      reopen(OpenMode.READ_WRITE);
      suspect = false;
      return isStored(attempted) ? null : refused;
    } catch (RocksDBException | RuntimeException e) {
      log.atWarn().setCause(e).log("The journal cannot be opened for writing");
    }
    if (fallBack() && !isStored(attempted)) {
      return refused;
    }
    return new ServiceException(
        ErrorCode.OUTCOME_UNKNOWN,
        "The server's disk failed while this was stored, and cannot be asked now. Ask for it when"
            + " the server stores again, before sending it again.",
        null,
        cause);
  }

  private boolean isStored(StoreState attempted) {
    return store.state().batch() == attempted.batch();
  }

  /// Opens the database for reading only.
  ///
  /// @return whether it can be read
  private boolean fallBack() {
    suspect = true;
    try {
      reopen(OpenMode.READ_ONLY);
      return true;
    } catch (RocksDBException | RuntimeException e) {
      log.atError().setCause(e).log("The journal cannot be read");
      return false;
    }
  }

  private void reopen(OpenMode mode) throws RocksDBException {
    store.reopen(() -> disk.open(mode));
    state = store.state();
  }

  private static ServiceException unavailable(String text) {
    return new ServiceException(ErrorCode.STORAGE_UNAVAILABLE, text, Duration.ofSeconds(1));
  }

  @Override
  public void close() {
    writer.close();
  }
}

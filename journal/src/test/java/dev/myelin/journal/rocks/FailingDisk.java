package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.Database.OpenMode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// A real disk that fails as a test says; any thread.
final class FailingDisk implements Disk {
  /// How a write ends.
  enum Write {
    WORKS,
    /// An error, and nothing was written.
    FAILS,
    /// An error after all was written, as when a sync fails that had done its work.
    FAILS_AFTER_WRITING
  }

  private final Disk real;
  private volatile Write write = Write.WORKS;
  private volatile Set<OpenMode> failingModes = EnumSet.noneOf(OpenMode.class);
  private volatile long usableBytes = Long.MAX_VALUE;
  private volatile boolean probeFails;
  private final AtomicInteger opened = new AtomicInteger();

  FailingDisk(Disk real) {
    this.real = real;
  }

  void writes(Write write) {
    this.write = write;
  }

  /// From now on these cannot be opened.
  void cannotOpen(OpenMode... modes) {
    failingModes = Set.of(modes);
  }

  void usableBytes(long bytes) {
    usableBytes = bytes;
  }

  void probeFails(boolean fails) {
    probeFails = fails;
  }

  void mend() {
    write = Write.WORKS;
    failingModes = Set.of();
    usableBytes = Long.MAX_VALUE;
    probeFails = false;
  }

  int timesOpened() {
    return opened.get();
  }

  @Override
  public Database open(OpenMode mode) throws RocksDBException {
    if (failingModes.contains(mode)) {
      throw failure();
    }
    opened.incrementAndGet();
    return real.open(mode);
  }

  @Override
  public void write(Database open, WriteOptions options, WriteBatch batch) throws RocksDBException {
    Write now = write;
    if (now == Write.FAILS) {
      throw failure();
    }
    real.write(open, options, batch);
    if (now == Write.FAILS_AFTER_WRITING) {
      throw failure();
    }
  }

  @Override
  public void probe() throws IOException {
    if (probeFails) {
      throw new IOException("failed by a test");
    }
    real.probe();
  }

  @Override
  public long usableBytes() throws IOException {
    return Math.min(usableBytes, real.usableBytes());
  }

  private static RocksDBException failure() {
    return new RocksDBException(
        "failed by a test",
        new Status(Status.Code.IOError, Status.SubCode.None, "failed by a test"));
  }
}

package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.journal.rocks.form.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes erased payloads from the files, on a thread of its own, when little is written.
///
/// An erased payload is gone for readers at once, but its bytes stay in a log and in a blob file
/// until those are rewritten. A pass flushes what is in memory, so that the logs go, and then
/// compacts the records slice by slice, moving live payloads out of every old blob file.
/// **Effort.** A pass reads and writes everything that is stored, so between two of them the purger
/// rests a multiple of the time that one took. It waits for a time without traffic, though not for
/// ever; with traffic it stops after each slice for a multiple of the slice's time. It does not
/// begin while the disk has no room for a slice.
final class Purger implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Purger.class);

  /// How many times the idle time is waited for it, until a pass begins in spite of traffic.
  private static final int PATIENCE = 30;

  /// How long a pass stops after a slice while there is traffic, in multiples of the slice's time.
  private static final int GIVING_WAY = 4;

  private static final long SHORTEST_REST = 10_000_000;

  /// What a slice may need on the disk while it is rewritten.
  private static final long ROOM = 512L * 1024 * 1024;

  private final Store store;
  private final Disk disk;
  private final long idleNanos;
  private final int restFactor;
  private final long neededBytes;
  private final Thread thread;
  private volatile long wanted;
  private volatile long purged;
  private volatile long wroteAt = System.nanoTime();
  private volatile boolean closed;

  Purger(Store store, Disk disk, DiskBounds bounds) {
    this.store = store;
    this.disk = disk;
    this.idleNanos = bounds.purgeAfter().toNanos();
    this.restFactor = bounds.purgeRest();
    this.neededBytes = bounds.reserveBytes() + ROOM;
    this.thread = Thread.ofPlatform().name("journal-purger").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// A batch erased something.
  void erased(long batch) {
    wanted = batch;
    LockSupport.unpark(thread);
  }

  /// A batch was written.
  void wrote() {
    wroteAt = System.nanoTime();
  }

  /// The newest batch of whose erased payloads nothing is left in the files.
  long purged() {
    return purged;
  }

  private void run() {
    while (!closed) {
      long target = wanted;
      if (target == purged) {
        LockSupport.park(this);
      } else {
        awaitIdle();
        long started = System.nanoTime();
        if (pass()) {
          purged = target;
        }
        rest(restFactor * (System.nanoTime() - started));
      }
    }
  }

  private boolean pass() {
    if (closed || !hasRoom()) {
      return false;
    }
    try {
      List<byte[]> starts = store.read(Purger::flush);
      for (int i = 0; i < starts.size() && !closed; i++) {
        byte[] from = starts.get(i);
        byte[] to = i + 1 < starts.size() ? starts.get(i + 1) : lastKey();
        long started = System.nanoTime();
        store.read(open -> {
          open.compactRecords(from, to);
          return null;
        });
        giveWay(System.nanoTime() - started);
      }
      return !closed;
    } catch (RuntimeException e) {
      if (!closed) {
        log.atWarn().setCause(e).log("Erased payloads could not be removed from the files yet");
      }
      return false;
    }
  }

  /// Empties the logs and returns where the files of records begin, in order.
  private static List<byte[]> flush(Database open) throws RocksDBException {
    open.flush();
    List<byte[]> starts = new ArrayList<>(open.firstKeysOfRecordFiles());
    starts.addFirst(RecordCodec.key(0, 0));
    return starts;
  }

  private static byte[] lastKey() {
    return RecordCodec.key(-1, -1);
  }

  private boolean hasRoom() {
    try {
      return disk.usableBytes() >= neededBytes;
    } catch (IOException e) {
      return false;
    }
  }

  /// Waits until nothing was written for a while, but not for ever.
  private void awaitIdle() {
    long end = System.nanoTime() + PATIENCE * idleNanos;
    long left = idleNanos;
    while (left > 0 && !closed && System.nanoTime() - end < 0) {
      left = idleNanos - (System.nanoTime() - wroteAt);
      if (left > 0) {
        LockSupport.parkNanos(this, Math.min(left, idleNanos));
      }
    }
  }

  /// Leaves most of the disk to others after a slice that took so long, if they use it.
  private void giveWay(long tookNanos) {
    if (System.nanoTime() - wroteAt < idleNanos) {
      rest(GIVING_WAY * tookNanos);
    }
  }

  private void rest(long nanos) {
    long end = System.nanoTime() + Math.max(nanos, SHORTEST_REST);
    while (!closed && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(this, end - System.nanoTime());
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    store.stopCompaction();
    Threads.join(thread);
  }
}

package dev.myelin.journal.rocks;

import dev.myelin.journal.Lane;
import dev.myelin.journal.lane.LaneBounds;
import java.time.Duration;

/// The bounds of a journal: how much may wait, be written at once, be kept in memory.
///
/// @param sync whether a commit waits for the disk
public record JournalConfig(
    LaneBounds high,
    LaneBounds normal,
    LaneBounds low,
    BatchBounds batch,
    SyncMode sync,
    MemoryBounds memory,
    DiskBounds disk) {

  /// Fits a heap of 1 GiB: at most 256 MiB wait in the lanes.
  public static final JournalConfig DEFAULT =
      new JournalConfig(
          new LaneBounds(10_000, mebibytes(32)),
          new LaneBounds(100_000, mebibytes(160)),
          new LaneBounds(50_000, mebibytes(64)),
          new BatchBounds(1_024, (int) mebibytes(4)),
          SyncMode.SYNC,
          new MemoryBounds(mebibytes(192), mebibytes(64), 1_024),
          new DiskBounds(
              mebibytes(64), Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(2)));

  /// The bounds of one lane.
  public LaneBounds lane(Lane lane) {
    return switch (lane) {
      case HIGH -> high;
      case NORMAL -> normal;
      case LOW -> low;
    };
  }

  public JournalConfig withLanes(LaneBounds high, LaneBounds normal, LaneBounds low) {
    return new JournalConfig(high, normal, low, batch, sync, memory, disk);
  }

  public JournalConfig withBatch(BatchBounds batch) {
    return new JournalConfig(high, normal, low, batch, sync, memory, disk);
  }

  public JournalConfig withSync(SyncMode sync) {
    return new JournalConfig(high, normal, low, batch, sync, memory, disk);
  }

  public JournalConfig withMemory(MemoryBounds memory) {
    return new JournalConfig(high, normal, low, batch, sync, memory, disk);
  }

  public JournalConfig withDisk(DiskBounds disk) {
    return new JournalConfig(high, normal, low, batch, sync, memory, disk);
  }

  /// When a commit counts as done.
  public enum SyncMode {
    /// When the disk has it: survives a power failure.
    SYNC,
    /// When the operating system has it: a power failure loses what was acknowledged last.
    UNSAFE
  }

  /// How much one commit may take. The transaction that reaches a bound is the last of its batch.
  public record BatchBounds(int maxTransactions, int maxBytes) {
    public BatchBounds {
      requireWithin("batch transactions", maxTransactions, 1, 1_000_000);
      requireWithin("batch bytes", maxBytes, 1, mebibytes(1_024));
    }
  }

  /// What the database may keep in memory, outside the heap.
  ///
  /// @param writeBufferBytes what was committed and is not yet in a table file
  /// @param blockCacheBytes recently read parts of table files, their indexes and filters
  /// @param maxOpenFiles files kept open for reading
  public record MemoryBounds(long writeBufferBytes, long blockCacheBytes, int maxOpenFiles) {
    public MemoryBounds {
      requireWithin("write buffer bytes", writeBufferBytes, 1 << 20, mebibytes(16_384));
      requireWithin("block cache bytes", blockCacheBytes, 1 << 20, mebibytes(262_144));
      requireWithin("open files", maxOpenFiles, 32, 1_000_000);
    }
  }

  /// What is asked of the disk.
  ///
  /// @param reserveBytes writes are refused while less than about this would stay free
  /// @param minRetry how long after a failure writing is first tried again; doubles up to maxRetry
  /// @param purgeAfter how long nothing must have been written before erased bytes are removed from
  ///   the files; after 30 times as long that begins in spite of traffic
  /// @param purgeRest how long that then rests, in multiples of the time it took
  public record DiskBounds(
      long reserveBytes, Duration minRetry, Duration maxRetry, Duration purgeAfter, int purgeRest) {
    public DiskBounds {
      requireWithin("disk reserve bytes", reserveBytes, 0, Long.MAX_VALUE / 2);
      requireWithin("first retry in ms", minRetry.toMillis(), 1, 3_600_000);
      requireWithin("longest retry in ms", maxRetry.toMillis(), minRetry.toMillis(), 3_600_000);
      requireWithin("purge after ms", purgeAfter.toMillis(), 1, 86_400_000);
      requireWithin("purge rest", purgeRest, 0, 10_000);
    }

    /// Removing erased bytes takes at most 1 % of the time.
    public DiskBounds(
        long reserveBytes, Duration minRetry, Duration maxRetry, Duration purgeAfter) {
      this(reserveBytes, minRetry, maxRetry, purgeAfter, 100);
    }
  }

  private static long mebibytes(int count) {
    return count * 1024L * 1024;
  }

  private static void requireWithin(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}

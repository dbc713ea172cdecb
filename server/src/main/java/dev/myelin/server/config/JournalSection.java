package dev.myelin.server.config;

import dev.myelin.journal.lane.LaneBounds;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.JournalConfig.BatchBounds;
import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;

/// The keys under `journal`.
final class JournalSection {
  private JournalSection() {}

  static JournalConfig read(Values values, JournalConfig otherwise) {
    return new JournalConfig(
        lane(values, "high", otherwise.high()),
        lane(values, "normal", otherwise.normal()),
        lane(values, "low", otherwise.low()),
        new BatchBounds(
            values.integer("journal.batch.max-transactions", otherwise.batch().maxTransactions()),
            values.smallBytes("journal.batch.max-bytes", otherwise.batch().maxBytes())),
        values.choice("journal.sync", otherwise.sync()),
        memory(values, otherwise.memory()),
        disk(values, otherwise.disk()));
  }

  private static LaneBounds lane(Values values, String name, LaneBounds otherwise) {
    String prefix = "journal.lanes." + name;
    return new LaneBounds(
        values.integer(prefix + ".capacity", otherwise.capacity()),
        values.bytes(prefix + ".capacity-bytes", otherwise.capacityBytes()));
  }

  private static MemoryBounds memory(Values values, MemoryBounds otherwise) {
    return new MemoryBounds(
        values.bytes("journal.memory.write-buffer-bytes", otherwise.writeBufferBytes()),
        values.bytes("journal.memory.block-cache-bytes", otherwise.blockCacheBytes()),
        values.integer("journal.memory.max-open-files", otherwise.maxOpenFiles()));
  }

  private static DiskBounds disk(Values values, DiskBounds otherwise) {
    return new DiskBounds(
        values.bytes("journal.disk.reserve-bytes", otherwise.reserveBytes()),
        values.duration("journal.disk.min-retry", otherwise.minRetry()),
        values.duration("journal.disk.max-retry", otherwise.maxRetry()),
        values.duration("journal.disk.purge-after", otherwise.purgeAfter()));
  }
}

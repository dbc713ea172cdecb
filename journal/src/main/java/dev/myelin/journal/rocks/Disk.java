package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.Database.OpenMode;
import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The few calls that need a disk that works; a test puts one in that fails.
interface Disk {
  Database open(OpenMode mode) throws RocksDBException;

  /// Writes one batch, and syncs if the options say so.
  void write(Database open, WriteOptions options, WriteBatch batch) throws RocksDBException;

  /// Writes and syncs a little beside the database, to learn whether that is possible.
  void probe() throws IOException;

  /// How many bytes may still be written.
  long usableBytes() throws IOException;
}

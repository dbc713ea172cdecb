package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.Database.OpenMode;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The disk of this machine that holds the data folder.
final class LocalDisk implements Disk {
  static final String PROBE = "PROBE";

  private static final int PROBE_BYTES = 64 * 1024;

  private final Path folder;
  private final FileStore files;
  private final MemoryBounds memory;

  LocalDisk(Path folder, MemoryBounds memory) throws IOException {
    this.folder = folder;
    this.files = Files.getFileStore(folder);
    this.memory = memory;
  }

  @Override
  public Database open(OpenMode mode) throws RocksDBException {
    return Database.open(folder.resolve(DataFolder.DATABASE), memory, mode);
  }

  @Override
  public void write(Database open, WriteOptions options, WriteBatch batch) throws RocksDBException {
    open.db().write(options, batch);
  }

  @Override
  public void probe() throws IOException {
    Path path = folder.resolve(PROBE);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } finally {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return files.getUsableSpace();
  }
}

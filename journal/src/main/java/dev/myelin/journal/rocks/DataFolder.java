package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.Database.OpenMode;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;
import dev.myelin.journal.rocks.form.FormatFile;
import dev.myelin.journal.rocks.log.LogVerifier;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status.SubCode;

/// The folder of a journal, held by this process until closed: `FORMAT` says what it is, `LOCK` who
/// has it, `db` is the database.
///
/// **Creation.** `CREATING` is there until the database is made and `FORMAT` is written, so that a
/// folder without `FORMAT` is begun anew only if nothing was ever stored in it.
final class DataFolder implements AutoCloseable {
  private static final String CREATING = "CREATING";
  private static final String LOCK = "LOCK";
  static final String DATABASE = "db";
  private static final Set<String> LEFT_BY_CREATION =
      Set.of(CREATING, LOCK, DATABASE, FormatFile.NAME + ".draft");

  private final Path folder;
  private final FileChannel lock;
  private final long incarnation;
  private final boolean exists;

  private DataFolder(Path folder, FileChannel lock, Optional<FormatFile> format)
      throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.exists = format.isPresent();
    if (format.isPresent() && format.get().incarnation().isPresent()) {
      incarnation = format.get().incarnation().getAsLong();
      return;
    }
    incarnation = new SecureRandom().nextLong();
    if (exists) {
      FormatFile.of(incarnation).write(folder);
    } else {
      Files.write(folder.resolve(CREATING), new byte[0]);
      FormatFile.sync(folder);
      delete(folder.resolve(DATABASE));
    }
  }

  static DataFolder open(Path folder) {
    FileChannel lock = null;
    try {
      Files.createDirectories(folder);
      lock = lock(folder);
      return new DataFolder(folder, lock, format(folder));
    } catch (IOException e) {
      release(lock);
      throw unavailable(folder, e);
    } catch (RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // the same answer as for another process
    }
    channel.close();
    throw new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "The data folder "
            + folder
            + " is in use by another process. Stop that process, or choose another folder.");
  }

  private static Optional<FormatFile> format(Path folder) throws IOException {
    String text;
    try {
      text = Files.readString(folder.resolve(FormatFile.NAME), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException absent) {
      requireUnused(folder);
      return Optional.empty();
    }
    FormatFile format =
        FormatFile.parse(text)
            .orElseThrow(() ->
                unusable(
                    "The file FORMAT in the data folder "
                        + folder
                        + " is damaged (expected: myelin-journal "
                        + FormatFile.VERSION
                        + "). Restore a backup."));
    if (format.version() != FormatFile.VERSION) {
      throw unusable(
          "The data folder "
              + folder
              + " is of format "
              + format.version()
              + ", and this program reads format "
              + FormatFile.VERSION
              + ". Use the version of the program that wrote it, or another folder.");
    }
    return Optional.of(format);
  }

  private static void requireUnused(Path folder) throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names = files.map(file -> String.valueOf(file.getFileName())).toList();
    }
    boolean unused =
        names.equals(List.of(LOCK))
            || (names.contains(CREATING) && LEFT_BY_CREATION.containsAll(names));
    if (!unused) {
      throw unusable(
          "The folder "
              + folder
              + " is not empty, and not a journal: it has no file FORMAT. Choose another folder, or"
              + " restore a backup.");
    }
  }

  /// Opens the database in the folder; the one of a new folder is made.
  Database database(Disk disk) {
    try {
      if (exists) {
        requireUndamaged(LogVerifier.damage(folder.resolve(DATABASE)));
        return whole(disk.open(OpenMode.READ_WRITE));
      }
      Database made = disk.open(OpenMode.CREATE);
      try {
        FormatFile.of(incarnation).write(folder);
        Files.delete(folder.resolve(CREATING));
      } catch (IOException e) {
        made.close();
        throw unavailable(folder, e);
      }
      return made;
    } catch (RocksDBException e) {
      throw cannotOpen(e);
    } catch (IOException e) {
      throw unavailable(folder, e);
    }
  }

  private Database whole(Database opened) throws RocksDBException {
    try {
      requireUndamaged(opened.missingFile().map(name -> "its file " + name + " is missing"));
      return opened;
    } catch (RocksDBException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void requireUndamaged(Optional<String> damage) {
    if (damage.isPresent()) {
      throw unusable(
          "The data folder "
              + folder
              + " is damaged: "
              + damage.get()
              + ". Check the disk, then restore a backup.");
    }
  }

  private ServiceException cannotOpen(RocksDBException cause) {
    boolean full = cause.getStatus() != null && cause.getStatus().getSubCode() == SubCode.NoSpace;
    return new ServiceException(
        full ? ErrorCode.STORAGE_UNAVAILABLE : ErrorCode.STORAGE_UNUSABLE,
        "The data folder "
            + folder
            + " cannot be opened: "
            + cause.getMessage()
            + (full
                ? ". Free some space on its disk."
                : ". Check the disk and the rights of the files, then restore a backup."),
        null,
        cause);
  }

  Disk disk(MemoryBounds memory) {
    try {
      return new LocalDisk(folder, memory);
    } catch (IOException e) {
      throw unavailable(folder, e);
    }
  }

  /// Tells apart the offsets of this folder and of its copies.
  long incarnation() {
    return incarnation;
  }

  /// Writes a copy of an open database as a data folder.
  static void copy(Database open, Path target) {
    try {
      Files.createDirectories(target);
      try (Stream<Path> files = Files.list(target)) {
        if (files.findAny().isPresent()) {
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "The folder " + target + " is not empty. Give a folder that is absent or empty.");
        }
      }
      try (Checkpoint checkpoint = Checkpoint.create(open.db())) {
        checkpoint.createCheckpoint(target.resolve(DATABASE).toString());
      }
      FormatFile.ofCopy().write(target);
    } catch (IOException | RocksDBException e) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "The backup could not be written to "
              + target
              + ". Check that the disk has room and the folder may be written, empty it, then try"
              + " again.",
          null,
          e);
    }
  }

  @Override
  public void close() {
    release(lock);
  }

  private static void release(@Nullable FileChannel lock) {
    if (lock == null) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static ServiceException unusable(String text) {
    return new ServiceException(ErrorCode.STORAGE_UNUSABLE, text);
  }

  private static ServiceException unavailable(Path folder, IOException cause) {
    return new ServiceException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The data folder "
            + folder
            + " cannot be read or written. Check that the disk has room and that the folder may be"
            + " written.",
        null,
        cause);
  }
}

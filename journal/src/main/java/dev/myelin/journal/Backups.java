package dev.myelin.journal;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Backups of a journal, each a data folder with a name, all directly below one folder.
///
/// **Whole or absent.** A backup is written beside its place, as `.NAME.partial`, and gets its name
/// when the disk has all of it. **Threads.** Any; one backup at a time.
public final class Backups {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Journal journal;
  private final Path root;
  private final InstantSource clock;
  private final AtomicBoolean busy = new AtomicBoolean();

  /// @param root below which all backups go; made when it is needed
  public Backups(Journal journal, Path root, InstantSource clock) {
    this.journal = journal;
    this.root = root.toAbsolutePath().normalize();
    this.clock = clock;
  }

  /// A backup that was made.
  ///
  /// @param folder where it is: a data folder
  /// @param bytes the lengths of its files; those that it shares with the journal, where the file
  ///   system can do that, take no room until the journal lets go of them
  public record Backup(Path folder, Duration took, long bytes) {}

  /// Makes a backup while the journal serves. Waits for the disk.
  ///
  /// @param name of its folder, null for one from the time
  /// @throws ServiceException INVALID_REQUEST if the name is not the plain name of a folder,
  ///   ALREADY_EXISTS if something has that name, OVERLOADED while another backup is made,
  ///   STORAGE_UNAVAILABLE if the folder cannot be written; nothing is left behind
  public Backup make(@Nullable String name) {
    if (!busy.compareAndSet(false, true)) {
      throw new ServiceException(
          ErrorCode.OVERLOADED,
          "Another backup is being made. Try again when it is done.",
          Duration.ofSeconds(1));
    }
    try {
      return write(name == null ? TIME.format(clock.instant()) : checked(name));
    } finally {
      busy.set(false);
    }
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "folder is not the plain name of a folder (expected: 1 to 100 of A-Z a-z 0-9 . _ - that"
              + " begin with a letter or digit).");
    }
    return name;
  }

  private Backup write(String name) {
    Instant begin = clock.instant();
    Path place = root.resolve(name);
    Path partial = root.resolve("." + name + ".partial");
    try {
      Files.createDirectories(root);
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        throw new ServiceException(
            ErrorCode.ALREADY_EXISTS, "There is a " + place + " already. Choose another name.");
      }
      delete(partial); // of a process that was killed meanwhile
      try {
        Files.createDirectory(partial);
        journal.backup(partial.resolve("journal"));
        sync(partial);
        long bytes = bytes(partial);
        Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        sync(root);
        return new Backup(place, Duration.between(begin, clock.instant()), bytes);
      } catch (IOException | RuntimeException e) {
        delete(partial);
        throw e;
      }
    } catch (IOException e) {
      throw new ServiceException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "The backup could not be written below "
              + root
              + ". Check that its disk has room and that the folder may be written.",
          null,
          e);
    }
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    for (Path path : below(folder)) {
      sum += Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.size(path) : 0;
    }
    return sum;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : below(folder).reversed()) {
        Files.delete(path);
      }
    }
  }

  /// A folder and what is in it, each folder before its content; follows no links.
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.comparingInt(Path::getNameCount)).toList();
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

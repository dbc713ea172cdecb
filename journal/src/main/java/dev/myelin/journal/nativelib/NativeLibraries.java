package dev.myelin.journal.nativelib;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Unpacks native libraries out of jars once for all processes of a user, into
/// `$XDG_CACHE_HOME/myelin` or `~/.cache/myelin`.
///
/// **Whole.** A file is used if its length and CRC-32 are those that its jar names, and replaced
/// otherwise. **Processes.** One at a time unpacks, under a lock that ends with its process, into a
/// draft that the next one overwrites: a process that is killed leaves nothing that stays.
public final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String LOCK = ".lock";

  private NativeLibraries() {}

  /// A library in a jar.
  ///
  /// @param path of the resource, absolute
  /// @param file name of the unpacked file
  public record Resource(String path, String file) {}

  /// Unpacks some resources of one jar into one folder. Waits for the disk.
  ///
  /// @param owner a class of the jar
  /// @return the folder that holds them; empty if a resource is not there or not in a jar, or if
  ///   the cache cannot be written: then the library's own way is left
  public static Optional<Path> unpack(Class<?> owner, List<Resource> resources) {
    try {
      return unpack(cache(), owner, resources);
    } catch (InvalidPathException e) {
      LOG.debug("there is no cache for native libraries", e);
      return Optional.empty();
    }
  }

  private static Path cache() {
    String configured = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        configured.startsWith("/")
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home", ""), ".cache");
    return caches.toAbsolutePath().resolve("myelin");
  }

  /// A lock of a process does not hold back its own threads: `synchronized` does.
  static synchronized Optional<Path> unpack(Path cache, Class<?> owner, List<Resource> resources) {
    try {
      List<PackedFile> files = new ArrayList<>();
      for (Resource resource : resources) {
        Optional<PackedFile> file = PackedFile.find(owner, resource);
        if (file.isEmpty()) {
          return Optional.empty();
        }
        files.add(file.get());
      }
      Path folder = cache.resolve(folderName(files));
      if (!areWhole(folder, files)) {
        unpack(folder, files);
      }
      return Optional.of(folder);
    } catch (IOException e) {
      LOG.debug("the cache for native libraries cannot be used", e);
      return Optional.empty();
    }
  }

  /// Other versions have other folders.
  private static String folderName(List<PackedFile> files) {
    StringBuilder name = new StringBuilder("native");
    files.forEach(file -> name.append("-%08x".formatted(file.checksum())));
    return name.toString();
  }

  private static void unpack(Path folder, List<PackedFile> files) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      LOG.debug("unpacking under {}", lock);
      for (PackedFile file : files) {
        if (!isWhole(folder, file)) { // still: another process may have been first
          unpack(folder, file);
        }
      }
    }
  }

  private static void unpack(Path folder, PackedFile file) throws IOException {
    Path draft = folder.resolve(file.name() + ".draft");
    try (InputStream packed = file.open();
        OutputStream unpacked = Files.newOutputStream(draft)) {
      packed.transferTo(unpacked);
    }
    if (!isWhole(draft, file.size(), file.checksum())) {
      throw new IOException(file.name() + ": what was unpacked is not what was packed");
    }
    Files.move(draft, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean areWhole(Path folder, List<PackedFile> files) throws IOException {
    for (PackedFile file : files) {
      if (!isWhole(folder, file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(Path folder, PackedFile file) throws IOException {
    return isWhole(folder.resolve(file.name()), file.size(), file.checksum());
  }

  private static boolean isWhole(Path file, long size, long checksum) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != size) {
      return false;
    }
    try (CheckedInputStream bytes =
        new CheckedInputStream(
            new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32())) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return bytes.getChecksum().getValue() == checksum;
    }
  }
}

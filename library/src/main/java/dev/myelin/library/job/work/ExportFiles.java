package dev.myelin.library.job.work;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that exports write, all in one folder: `ID.partial` while one is written, `ID.FORM`
/// once the disk has all of it. Blocks; any thread, one for each job.
public final class ExportFiles {
  private static final String PARTIAL = "partial";

  private final Path folder;

  /// @param folder made when it is needed
  public ExportFiles(Path folder) {
    this.folder = folder;
  }

  /// A file that is there.
  ///
  /// @param isWhole whether the disk has all of it
  public record Kept(String job, Path path, boolean isWhole, long bytes, Instant at) {}

  /// A file that is being written.
  final class Draft implements AutoCloseable {
    private final FileChannel channel;
    private final String job;
    private long bytes;

    private Draft(FileChannel channel, String job, long bytes) {
      this.channel = channel;
      this.job = job;
      this.bytes = bytes;
    }

    long bytes() {
      return bytes;
    }

    void write(byte[] some) {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(some);
        while (buffer.hasRemaining()) {
          int written = channel.write(buffer, bytes);
          bytes += written;
        }
      } catch (IOException e) {
        throw failed("written", e);
      }
    }

    /// Waits until the disk has what was written.
    void sync() {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw failed("written", e);
      }
    }

    /// The file is whole and gets its name.
    void complete(String form) {
      try {
        channel.force(true);
        Files.move(partial(job), whole(job, form), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
          parent.force(true);
        }
      } catch (IOException e) {
        throw failed("written", e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("closed", e);
      }
    }
  }

  private static ServiceException failed(String what, IOException e) {
    return new ServiceException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The export could not be " + what + ". Check that the disk of the data folder has room.",
        null,
        e);
  }

  private Path partial(String job) {
    return folder.resolve(job + "." + PARTIAL);
  }

  private Path whole(String job, String form) {
    return folder.resolve(job + "." + form);
  }

  /// Goes on with a file where it was left.
  ///
  /// @param bytes how much of it is right; if there is less, it begins anew
  Draft open(String job, long bytes) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              partial(job),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      long right = channel.size() < bytes ? 0 : bytes;
      channel.truncate(right);
      return new Draft(channel, job, right);
    } catch (IOException e) {
      throw failed("opened", e);
    }
  }

  /// The whole file of a job.
  public Optional<Kept> find(String job, String form) {
    Path path = whole(job, form);
    try {
      return Optional.of(kept(path));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private static Kept kept(Path path) throws IOException {
    String name = path.getFileName().toString();
    int dot = Math.max(0, name.indexOf('.'));
    return new Kept(
        name.substring(0, dot),
        path,
        !name.endsWith("." + PARTIAL),
        Files.size(path),
        Files.getLastModifiedTime(path).toInstant());
  }

  /// All files, the oldest first.
  public List<Kept> list() {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        all.add(kept(path));
      }
    } catch (NoSuchFileException _) {
      // None was made yet, or one went while it was looked at: next time.
    } catch (IOException e) {
      throw failed("listed", e);
    }
    all.sort(Comparator.comparing(Kept::at));
    return all;
  }

  /// Deletes what there is of a job.
  public void delete(String job) {
    for (String form : List.of(PARTIAL, ExportForm.NDJSON, ExportForm.JSON, ExportForm.CSV)) {
      delete(whole(job, form));
    }
  }

  private static void delete(Path path) {
    try {
      var _ = Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failed("deleted", e);
    }
  }
}

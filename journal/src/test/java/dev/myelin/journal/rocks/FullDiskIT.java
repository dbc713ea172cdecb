package dev.myelin.journal.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.myelin.journal.Change;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.rocks.Database.OpenMode;
import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// A file system of 32 MiB that is really full: mounted in memory, which needs the rights of root.
final class FullDiskIT {
  private static final StreamName STREAM = new StreamName("space/acme/notes");
  private static final int PAYLOAD = 20_000;
  private static final int BALLAST = 12 << 20;

  @TempDir private Path mountPoint;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mountPoint.toString());
    assumeThat(mounted)
        .as("a small file system can be mounted (it needs the rights of root, on Linux)")
        .isTrue();
    Files.write(mountPoint.resolve("ballast"), new byte[BALLAST]);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertThat(run("umount", mountPoint.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  /// A disk that says it has room when it has none, so that writes reach the end of it.
  private record Boasting(Disk real) implements Disk {
    @Override
    public Database open(OpenMode mode) throws RocksDBException {
      return real.open(mode);
    }

    @Override
    public void write(Database open, WriteOptions options, WriteBatch batch)
        throws RocksDBException {
      real.write(open, options, batch);
    }

    @Override
    public void probe() throws IOException {
      real.probe();
    }

    @Override
    public long usableBytes() {
      return Long.MAX_VALUE;
    }
  }

  private RocksJournal open(long reserveBytes, UnaryOperator<Disk> replacement) {
    JournalConfig config =
        JournalConfig.DEFAULT
            .withMemory(new MemoryBounds(3 << 20, 1 << 20, 64))
            .withDisk(
                new DiskBounds(
                    reserveBytes,
                    Duration.ofMillis(5),
                    Duration.ofMillis(50),
                    Duration.ofHours(1)));
    return RocksJournal.open(
        mountPoint.resolve("journal"),
        new RocksJournal.Setting(config, new ManualClock(), new SimpleMeterRegistry()),
        replacement);
  }

  /// Appends a payload that begins with its number; returns why it was refused, or null.
  private static @Nullable ServiceException append(RocksJournal journal, int number) {
    byte[] payload = ByteBuffer.allocate(PAYLOAD).putInt(number).array();
    try {
      return Change.of(PAYLOAD, batch -> batch.append(STREAM, (byte) 1, payload))
          .submitTo(journal)
          .outcome();
    } catch (ServiceException refused) {
      return refused;
    }
  }

  private static List<Integer> numbers(RocksJournal journal) {
    List<Integer> numbers = new ArrayList<>();
    long last = journal.end(STREAM).map(StreamEnd::lastOffset).orElse(0L);
    while (numbers.size() < last) {
      journal
          .read(STREAM, numbers.size() + 1, PageLimit.DEFAULT)
          .records()
          .forEach(record -> numbers.add(ByteBuffer.wrap(record.payload()).getInt()));
    }
    return numbers;
  }

  @Test
  void survivesADiskThatIsFullToTheLastByte() throws IOException {
    fillAndFree(0, Boasting::new);
  }

  @Test
  void stopsWhileTheReserveIsStillFree() throws IOException {
    fillAndFree(4 << 20, disk -> disk);
  }

  private void fillAndFree(long reserveBytes, UnaryOperator<Disk> replacement) throws IOException {
    List<Integer> stored = new ArrayList<>();
    try (RocksJournal journal = open(reserveBytes, replacement)) {
      ServiceException refused = null;
      int number = 0;
      while (refused == null) {
        refused = append(journal, ++number);
        if (refused == null) {
          stored.add(number);
        }
      }
      assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
      assertThat(refused.text()).contains("nothing was stored").contains("by itself");
      assertThat(stored).hasSizeGreaterThan(100);
      assertThat(Files.getFileStore(mountPoint).getUsableSpace())
          .isGreaterThanOrEqualTo(reserveBytes / 2);
      for (int i = 0; i < 20; i++) {
        if (append(journal, ++number) == null) {
          stored.add(number);
        }
        assertThat(numbers(journal)).isEqualTo(stored);
      }

      Files.delete(mountPoint.resolve("ballast"));

      int first = ++number;
      Eventually.until("writing works again", () -> append(journal, first) == null);
      stored.add(first);
      for (int i = 0; i < 50; i++) {
        assertThat(append(journal, ++number)).isNull();
        stored.add(number);
      }
      assertThat(numbers(journal)).isEqualTo(stored);
    }
    try (RocksJournal journal = open(reserveBytes, replacement)) {
      assertThat(numbers(journal)).isEqualTo(stored);
      assertThat(append(journal, 0)).isNull();
    }
  }
}

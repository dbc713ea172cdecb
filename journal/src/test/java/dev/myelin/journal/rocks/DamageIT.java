package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Change;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.MemoryFolder;
import dev.myelin.testkit.Seed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs that end anywhere, and files with a flipped bit anywhere: nothing that was acknowledged is
/// missing or wrong without an error that says so.
final class DamageIT {
  private static final StreamName STREAM = new StreamName("space/acme/notes");
  private static final Table TABLE = new Table("floors");
  private static final int RECORDS = 12;

  @TempDir(factory = MemoryFolder.class)
  private Path temporary;

  private static RocksJournal open(Path folder) {
    return RocksJournal.open(
        folder, JournalConfig.DEFAULT, new ManualClock(), new SimpleMeterRegistry());
  }

  /// Each record in a batch of its own; its payload is its number, in different lengths.
  private static String payload(int number) {
    return "record " + number + "x".repeat(number % 4 == 0 ? 0 : number % 4 == 3 ? 340 : 5);
  }

  private static Change append(RocksJournal journal, int number) {
    return Change.of(
            batch -> {
              batch.append(STREAM, (byte) 1, payload(number).getBytes(UTF_8));
              batch.put(TABLE, "floor".getBytes(UTF_8), ("" + number).getBytes(UTF_8));
              batch.put(TABLE, ("key " + number).getBytes(UTF_8), payload(number).getBytes(UTF_8));
            })
        .submitTo(journal);
  }

  /// A folder with everything in the log, and where in it each record ends.
  private List<Long> writeLog(Path folder) throws IOException {
    List<Long> ends = new ArrayList<>();
    try (RocksJournal journal = open(folder)) {
      for (int number = 1; number <= RECORDS; number++) {
        append(journal, number).join();
        ends.add(Files.size(log(folder)));
      }
    }
    return ends;
  }

  private static Path log(Path folder) {
    return Folders.files(folder.resolve("db")).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static List<String> payloads(RocksJournal journal) {
    List<String> payloads = new ArrayList<>();
    for (long from = 1; ; ) {
      Page page = journal.read(STREAM, from, new PageLimit(5, 1_000_000));
      for (JournalRecord record : page.records()) {
        payloads.add(new String(record.payload(), UTF_8));
      }
      if (page.isLast()) {
        return payloads;
      }
      from = page.next();
    }
  }

  private static void assertHolds(RocksJournal journal, int records) {
    List<String> expected = new ArrayList<>();
    Map<String, String> pairs = new TreeMap<>();
    for (int number = 1; number <= records; number++) {
      expected.add(payload(number));
      pairs.put("key " + number, payload(number));
      pairs.put("floor", "" + number);
    }
    assertThat(payloads(journal)).isEqualTo(expected);
    Map<String, String> found = new TreeMap<>();
    journal.scan(
        TABLE,
        new byte[0],
        (key, value) -> found.put(new String(key, UTF_8), new String(value, UTF_8)) == null);
    assertThat(found).isEqualTo(pairs);
  }

  @Test
  void keepsAllWholeBatchesOfALogThatEndsAnywhereInItsLastRecords() throws IOException {
    Path original = temporary.resolve("original");
    List<Long> ends = writeLog(original);
    long size = Files.size(log(original));
    assertThat(ends.getLast()).isEqualTo(size);
    for (long length = ends.get(RECORDS - 3); length <= size; length++) {
      Path copy = temporary.resolve("copy");
      Folders.copy(original, copy);
      try (FileChannel channel = FileChannel.open(log(copy), StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      long cut = length;
      int whole = (int) ends.stream().filter(end -> end <= cut).count();
      boolean goesOn = length % 20 == 0;
      try (RocksJournal journal = open(copy)) {
        assertHolds(journal, whole);
        if (goesOn) {
          append(journal, whole + 1).join();
          assertHolds(journal, whole + 1);
        }
      }
      if (goesOn) {
        try (RocksJournal journal = open(copy)) {
          assertHolds(journal, whole + 1);
        }
      }
      Folders.delete(copy);
    }
  }

  @Test
  void refusesALogWithAFlippedBitAnywhere() throws IOException {
    Path folder = temporary.resolve("log");
    writeLog(folder);
    Path log = log(folder);
    Random random = Seed.of("DamageIT.refusesALogWithAFlippedBitAnywhere").random();
    long size = Files.size(log);
    for (long position = 0; position < size; position++) {
      int bit = random.nextInt(8);
      Folders.flip(log, position, bit);
      assertRefused(folder, "byte " + position + ", bit " + bit);
      Folders.flip(log, position, bit);
    }
    try (RocksJournal journal = open(folder)) {
      assertHolds(journal, RECORDS);
    }
  }

  private static void assertRefused(Path folder, String what) {
    assertThatThrownBy(() -> open(folder).close())
        .as(what)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).as(what).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
              assertThat(refused.text()).contains(folder.toString()).contains("backup");
            });
  }

  @Test
  void refusesALogThatEndsEarlyAlthoughOthersFollow() throws IOException {
    Path folder = temporary.resolve("log");
    writeLog(folder);
    Path log = log(folder);
    byte[] bytes = Files.readAllBytes(log);
    Path next = log.resolveSibling("999999.log");
    Files.write(next, bytes);
    Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));

    assertRefused(folder, "a missing end");
    Files.write(next, new byte[0]);
    Files.delete(log);
    Files.delete(next);
    assertRefused(folder, "missing logs");
  }

  @Test
  void findsAFlippedBitInAnyFile() throws IOException {
    Path original = temporary.resolve("original");
    Path flushed = temporary.resolve("flushed");
    writeLog(original);
    try (RocksJournal journal = open(original)) {
      journal.backup(flushed);
    }
    try (RocksJournal journal = open(flushed)) {
      assertHolds(journal, RECORDS);
    }
    assertThat(Folders.files(flushed)).anyMatch(file -> file.toString().endsWith(".blob"));
    assertThat(Folders.files(flushed)).anyMatch(file -> file.toString().endsWith(".sst"));
    Random random = Seed.of("DamageIT.findsAFlippedBitInAnyFile").random();
    List<Path> files =
        Folders.files(flushed).stream()
            .filter(file -> !file.endsWith("LOG") && !file.endsWith("LOCK"))
            .toList();
    int found = 0;
    for (Path file : files) {
      long size = Files.size(file);
      int tries = (int) Math.min(size, file.toString().contains("OPTIONS") ? 2 : 14);
      for (int i = 0; i < tries; i++) {
        found += flipped(flushed, file, random.nextLong(size), random.nextInt(8)) ? 1 : 0;
      }
    }
    assertThat(found).isPositive();
  }

  /// Flips one bit of a copy and reads everything.
  ///
  /// @return whether that was noticed; if it was not, everything was right
  private boolean flipped(Path folder, Path file, long position, int bit) {
    Path copy = temporary.resolve("copy");
    Folders.copy(folder, copy);
    Folders.flip(copy.resolve(folder.relativize(file)), position, bit);
    try (RocksJournal journal = open(copy)) {
      assertHolds(journal, RECORDS);
      return false;
    } catch (ServiceException damaged) {
      assertThat(damaged.code())
          .as("%s, byte %d, bit %d: %s", file, position, bit, damaged.text())
          .isEqualTo(ErrorCode.STORAGE_UNUSABLE);
      return true;
    } finally {
      Folders.delete(copy);
    }
  }

  @Test
  void refusesAFolderThatMissesAFile() throws IOException {
    Path original = temporary.resolve("original");
    Path flushed = temporary.resolve("flushed");
    writeLog(original);
    try (RocksJournal journal = open(original)) {
      journal.backup(flushed);
    }
    open(flushed).close();
    for (Path file : Folders.files(flushed.resolve("db"))) {
      String name = String.valueOf(file.getFileName());
      if (name.matches(".*\\.(sst|blob|log)|CURRENT|MANIFEST.*")) {
        Path copy = temporary.resolve("copy");
        Folders.copy(flushed, copy);
        Files.delete(copy.resolve("db").resolve(name));
        assertRefused(copy, "the missing file " + name);
        Folders.delete(copy);
      }
    }
  }

  @Test
  void readsAroundADamagedRecord() throws IOException {
    Path original = temporary.resolve("original");
    Path flushed = temporary.resolve("flushed");
    writeLog(original);
    try (RocksJournal journal = open(original)) {
      journal.backup(flushed);
    }
    Path blobs =
        Folders.files(flushed).stream()
            .filter(file -> file.toString().endsWith(".blob"))
            .findFirst()
            .orElseThrow();
    String content = Files.readString(blobs, StandardCharsets.ISO_8859_1);
    Folders.flip(blobs, content.indexOf(payload(7)) + 3, 2);

    try (RocksJournal journal = open(flushed)) {
      Page before = journal.read(STREAM, 1, PageLimit.DEFAULT);
      assertThat(before.records()).hasSize(6);
      assertThat(before.next()).isEqualTo(7);
      assertThat(before.end()).isEqualTo(RECORDS);
      assertDamaged(() -> journal.read(STREAM, 7, PageLimit.DEFAULT));
      assertDamaged(() -> journal.read(STREAM, 7));
      assertThat(journal.read(STREAM, 8, PageLimit.DEFAULT).records()).hasSize(RECORDS - 7);
      append(journal, RECORDS + 1).join();
      assertThat(journal.end(STREAM).orElseThrow().lastOffset()).isEqualTo(RECORDS + 1);
    }
  }

  private static void assertDamaged(Runnable read) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            ServiceException.class,
            damaged -> {
              assertThat(damaged.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
              assertThat(damaged.text()).contains("Everything else can still be read");
            });
  }
}

package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Change;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was erased is not in the files afterwards.
final class EraseTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");
  private static final StreamName OTHER = new StreamName("space/acme/other");
  private static final Duration SOON = Duration.ofMillis(20);

  @TempDir private Path folder;
  private final Random random = Seed.of("EraseTest").random();

  private RocksJournal open(Duration purgeAfter) {
    DiskBounds disk =
        new DiskBounds(1 << 20, Duration.ofMillis(1), Duration.ofMillis(20), purgeAfter, 1);
    return RocksJournal.open(
        folder, JournalConfig.DEFAULT.withDisk(disk), new ManualClock(), new SimpleMeterRegistry());
  }

  /// A text that is in no file by chance, long enough for a blob file.
  private String secret() {
    byte[] bytes = new byte[200];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void append(RocksJournal journal, StreamName stream, String payload) {
    Change.of(batch -> batch.append(stream, (byte) 1, payload.getBytes(UTF_8)))
        .submitTo(journal)
        .join();
  }

  private static void erase(RocksJournal journal, StreamName stream, long offset) {
    Change.of(batch -> batch.erase(stream, offset)).submitTo(journal).join();
  }

  private boolean isInFiles(String text) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).anyMatch(file -> contains(file, text));
    } catch (IOException | UncheckedIOException deletedMeanwhile) {
      return true;
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (NoSuchFileException deletedMeanwhile) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void removesErasedPayloadsFromTheLogAndTheBlobFiles() {
    String inLog = secret();
    String inBlobFile = secret();
    String kept = secret();
    try (RocksJournal journal = open(SOON)) {
      for (int i = 0; i < 50; i++) {
        append(journal, STREAM, secret());
        append(journal, OTHER, secret());
      }
      append(journal, STREAM, inBlobFile);
      append(journal, OTHER, kept);
      append(journal, OTHER, "short secret to erase");
      erase(journal, STREAM, 1); // a pass that flushes
      Eventually.until("the log is flushed", this::isFlushed);
      append(journal, STREAM, inLog);
      assertThat(isInFiles(inLog)).isTrue();
      assertThat(isInFiles(inBlobFile)).isTrue();

      erase(journal, STREAM, 51);
      erase(journal, STREAM, 52);
      erase(journal, OTHER, 52);

      Eventually.until(
          "the bytes are gone",
          () -> !isInFiles(inLog) && !isInFiles(inBlobFile) && !isInFiles("short secret to erase"));
      assertThat(isInFiles(kept)).isTrue();
      JournalRecord record = journal.read(OTHER, 51);
      assertThat(record).isNotNull();
      assertThat(new String(record.payload(), UTF_8)).isEqualTo(kept);
    }
  }

  private boolean isFlushed() {
    try (Stream<Path> files = Files.list(folder.resolve("db"))) {
      return files.anyMatch(file -> file.toString().endsWith(".blob"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void removesDeletedStreamsFromTheFiles() {
    String secret = secret();
    try (RocksJournal journal = open(SOON)) {
      append(journal, STREAM, secret);
      append(journal, OTHER, "kept");
      Change.of(batch -> batch.delete(STREAM)).submitTo(journal).join();

      Eventually.until("the bytes are gone", () -> !isInFiles(secret));
      assertThat(journal.end(OTHER)).isPresent();
    }
  }

  @Test
  void goesOnAfterARestart() {
    String secret = secret();
    try (RocksJournal journal = open(Duration.ofHours(1))) {
      append(journal, STREAM, secret);
      erase(journal, STREAM, 1);
    }
    assertThat(isInFiles(secret)).isTrue();

    try (RocksJournal journal = open(SOON)) {
      Eventually.until("the bytes are gone", () -> !isInFiles(secret));
      append(journal, STREAM, "more");
      append(journal, STREAM, "and more");
    }
    try (RocksJournal journal = open(Duration.ofHours(1))) {
      assertThat(journal.end(STREAM).orElseThrow().lastOffset()).isEqualTo(3);
    }
  }

  @Test
  void removesErasedPayloadsWhileOthersGoOnWriting() {
    String secret = secret();
    try (RocksJournal journal = open(SOON)) {
      append(journal, STREAM, secret);
      erase(journal, STREAM, 1);
      Eventually.until(
          "the bytes are gone",
          () -> {
            append(journal, OTHER, "traffic");
            return !isInFiles(secret);
          });
      assertThat(journal.end(OTHER).orElseThrow().lastOffset()).isPositive();
    }
  }

  @Test
  void doesNotHoldUpClosing() {
    RocksJournal journal = open(Duration.ofHours(1));
    append(journal, STREAM, "x");
    erase(journal, STREAM, 1);
    journal.close();
    assertThat(folder.resolve("FORMAT")).exists();
  }
}

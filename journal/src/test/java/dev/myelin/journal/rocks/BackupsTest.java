package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Backups;
import dev.myelin.journal.Backups.Backup;
import dev.myelin.journal.Change;
import dev.myelin.journal.Journal;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class BackupsTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");

  private final ManualClock clock = new ManualClock();

  @TempDir private Path temporary;
  private Journal journal;
  private Backups backups;

  @BeforeEach
  void open() {
    journal = open(temporary.resolve("data"));
    backups = new Backups(journal, temporary.resolve("backups"), clock);
    Change.of(batch -> batch.append(STREAM, (byte) 1, "first".getBytes(UTF_8)))
        .submitTo(journal)
        .join();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Journal open(Path folder) {
    return RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
  }

  @Test
  void makesADataFolderBelowTheRoot() throws IOException {
    Backup made = backups.make("monday");

    assertThat(made.folder()).isEqualTo(temporary.resolve("backups/monday").toAbsolutePath());
    assertThat(made.bytes()).isPositive();
    assertThat(names()).containsExactly("monday");
    try (Journal copy = open(made.folder().resolve("journal"))) {
      assertThat(copy.read(STREAM, 1, PageLimit.DEFAULT).records()).hasSize(1);
    }
  }

  @Test
  void namesABackupByTheTime() throws IOException {
    clock.set(Instant.parse("2026-03-04T05:06:07.5Z"));
    backups.make(null);

    assertThat(names()).containsExactly("20260304T050607Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "../out", "/tmp", "a/b", "a\\b", ".hidden", "a\0b", "ü", "-x", "a "
      })
  void refusesWhatIsNotAPlainName(String name) {
    assertRefused(name, ErrorCode.INVALID_REQUEST);
    assertThat(temporary.resolve("backups")).doesNotExist();
  }

  @Test
  void refusesANameOfMoreThanAHundredCharacters() {
    assertRefused("a".repeat(101), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void leavesWhatIsThereAsItIs() throws IOException {
    backups.make("monday");
    Files.writeString(temporary.resolve("backups/file"), "kept");

    assertRefused("monday", ErrorCode.ALREADY_EXISTS);
    assertRefused("file", ErrorCode.ALREADY_EXISTS);
    assertThat(names()).containsExactly("file", "monday");
  }

  @Test
  void followsNoLinks() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Path kept = Files.writeString(outside.resolve("kept"), "kept");
    Files.createDirectories(temporary.resolve("backups"));
    Files.createSymbolicLink(temporary.resolve("backups/link"), outside);
    Files.createSymbolicLink(temporary.resolve("backups/dangling"), temporary.resolve("nowhere"));
    Files.createSymbolicLink(temporary.resolve("backups/.monday.partial"), outside);

    assertRefused("link", ErrorCode.ALREADY_EXISTS);
    assertRefused("dangling", ErrorCode.ALREADY_EXISTS);
    backups.make("monday");

    assertThat(kept).hasContent("kept");
    assertThat(outside.resolve("journal")).doesNotExist();
    assertThat(temporary.resolve("nowhere")).doesNotExist();
  }

  @Test
  void beginsAnewWhatAKilledProcessLeft() throws IOException {
    Path left = Files.createDirectories(temporary.resolve("backups/.monday.partial/journal/db"));
    Files.writeString(left.resolve("CURRENT"), "half");
    backups.make("monday");

    assertThat(names()).containsExactly("monday");
  }

  @Test
  void saysThatTheRootCannotBeWrittenAndLeavesNothing() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "not a folder");
    backups = new Backups(journal, file.resolve("backups"), clock);

    assertRefused("monday", ErrorCode.STORAGE_UNAVAILABLE);
  }

  @Test
  void leavesNothingOfABackupThatFailed() throws IOException {
    journal.close();

    assertRefused("monday", ErrorCode.SHUTTING_DOWN);
    assertThat(names()).isEmpty();
  }

  @Test
  void makesOneAtATime() throws IOException {
    int many = 8;
    CountDownLatch ready = new CountDownLatch(many);
    List<CompletableFuture<Backup>> running =
        IntStream.range(0, many)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> {
                      ready.countDown();
                      try {
                        ready.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return backups.make("n" + i);
                    },
                    task -> Thread.ofPlatform().start(task)))
            .toList();
    int made = 0;
    for (CompletableFuture<Backup> backup : running) {
      try {
        backup.join();
        made++;
      } catch (CompletionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                ServiceException.class,
                busy -> assertThat(busy.code()).isEqualTo(ErrorCode.OVERLOADED));
      }
    }

    assertThat(made).isPositive();
    assertThat(names()).hasSize(made);
    backups.make("afterwards");
  }

  private void assertRefused(String name, ErrorCode code) {
    assertThatThrownBy(() -> backups.make(name))
        .isInstanceOfSatisfying(
            ServiceException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("backups"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}

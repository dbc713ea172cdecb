package dev.myelin.journal.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Change;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.rocks.form.FormatFile;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");

  @TempDir private Path temporary;
  private Path folder = Path.of("");

  @BeforeEach
  void chooseFolder() {
    folder = temporary.resolve("a/b/journal");
  }

  private RocksJournal open() {
    return RocksJournal.open(
        folder, JournalConfig.DEFAULT, new ManualClock(), new SimpleMeterRegistry());
  }

  private void store() {
    try (RocksJournal journal = open()) {
      Change.of(batch -> batch.append(STREAM, (byte) 1, new byte[100])).submitTo(journal).join();
    }
  }

  private void assertUnusable(String... words) {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE);
              assertThat(refused.text()).contains(folder.toString()).contains(words);
            });
  }

  @Test
  void isHeldByOneAtATime() {
    try (RocksJournal journal = open()) {
      assertUnusable("in use", "Stop that process");
      assertThat(journal.end(STREAM)).isEmpty();
    }
    store();
  }

  @Test
  void saysWhichVersionsDoNotFit() throws IOException {
    store();
    Files.writeString(folder.resolve("FORMAT"), "myelin-journal 7\nsomething else\n");

    assertUnusable("format 7", "reads format 1");
  }

  @Test
  void refusesADamagedFormatFile() throws IOException {
    store();
    for (String text :
        new String[] {
          "",
          "myelin-journal",
          "myelin-journal 1\n",
          "myelin-journal 0\nincarnation new\n",
          "myelin-journal 1\nincarnation 12\n",
          "\u0000\u00ff",
          "myelin-journal 9999999999\n"
        }) {
      Files.writeString(folder.resolve("FORMAT"), text, StandardCharsets.ISO_8859_1);
      assertUnusable("FORMAT", "damaged");
    }
  }

  @Test
  void refusesAFolderOfOthers() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("letter.txt"), "dear reader");

    assertUnusable("not empty", "FORMAT");
    assertThat(folder.resolve("letter.txt")).hasContent("dear reader");
  }

  @Test
  void refusesAFolderThatLostItsFormatFile() throws IOException {
    store();
    Files.delete(folder.resolve("FORMAT"));

    assertUnusable("no file FORMAT");
    assertThat(folder.resolve("db/CURRENT")).exists();
  }

  @Test
  void beginsAnewWhatWasNeverFinished() throws IOException {
    store();
    Files.delete(folder.resolve("FORMAT"));
    Files.createFile(folder.resolve("CREATING"));
    Files.createFile(folder.resolve("FORMAT.draft"));

    try (RocksJournal journal = open()) {
      assertThat(journal.end(STREAM)).isEmpty();
    }
    assertThat(folder.resolve("CREATING")).doesNotExist();
    store();
  }

  @Test
  void keepsWhatWasFinishedButForTheMark() throws IOException {
    store();
    Files.createFile(folder.resolve("CREATING"));

    try (RocksJournal journal = open()) {
      assertThat(journal.end(STREAM)).isPresent();
    }
  }

  @Test
  void opensALostDatabaseNeverAsAnEmptyOne() throws IOException {
    store();
    Files.move(folder.resolve("db"), temporary.resolve("elsewhere"));
    assertUnusable("CURRENT is missing");
    Files.createDirectory(folder.resolve("db"));
    assertUnusable("CURRENT is missing");
    Files.writeString(folder.resolve("db/CURRENT"), "MANIFEST-000005\n");
    assertUnusable("MANIFEST-000005 is missing");
    Files.writeString(folder.resolve("db/CURRENT"), "MANIFEST");
    assertUnusable("does not name a manifest");
    Files.delete(folder.resolve("db/CURRENT"));
    Files.delete(folder.resolve("db"));
    Files.move(temporary.resolve("elsewhere"), folder.resolve("db"));

    try (RocksJournal journal = open()) {
      assertThat(journal.end(STREAM)).isPresent();
    }
  }

  @Test
  void saysThatAFolderCannotBeWritten() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    folder = file.resolve("journal");

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
              assertThat(refused.text()).contains(folder.toString());
            });
  }

  @Test
  void saysThatABackupCannotBeWritten() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    try (RocksJournal journal = open()) {
      assertThatThrownBy(() -> journal.backup(file.resolve("copy")))
          .isInstanceOfSatisfying(
              ServiceException.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
                assertThat(refused.text()).contains(file.toString());
              });
    }
  }

  @Test
  void writesItsFormatInExactlyThisForm() throws IOException {
    store();
    assertThat(Files.readString(folder.resolve("FORMAT")))
        .matches("myelin-journal 1\nincarnation [0-9a-f]{16}\n");
    assertThat(FormatFile.of(0xabcL).text())
        .isEqualTo("myelin-journal 1\nincarnation 0000000000000abc\n");
    assertThat(FormatFile.ofCopy().text()).isEqualTo("myelin-journal 1\nincarnation new\n");
    assertThat(FormatFile.parse(FormatFile.of(-5).text()))
        .isEqualTo(Optional.of(FormatFile.of(-5)));
  }
}

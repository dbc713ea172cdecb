package dev.myelin.journal.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed at any moment has lost nothing that it acknowledged.
final class CrashIT {
  private static final int ROUNDS = 10;

  @TempDir private Path folder;

  private final long[] acknowledged = new long[CrashChild.STREAMS];
  private final Set<String> erased = new HashSet<>();

  @Test
  void losesNothingThatWasAcknowledged() throws IOException, InterruptedException {
    Random random = Seed.of("CrashIT").random();
    for (int round = 0; round < ROUNDS; round++) {
      appendAndKill(random.nextInt(1, 2_500));
      assertNothingLost();
    }
  }

  /// Starts a child, kills it after so many acknowledgements, and notes all that it had given.
  private void appendAndKill(int acknowledgements) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = wholeLine(lines);
      for (int read = 0; line != null; read++) {
        note(line);
        if (read == acknowledgements) {
          child.toHandle().destroyForcibly(); // leaves the pipe open, unlike Process
        }
        line = wholeLine(lines);
      }
    }
    assertThat(child.waitFor()).isEqualTo(137);
  }

  /// The next line, or null at the end; the child may have died in the middle of one.
  private static @Nullable String wholeLine(BufferedReader lines) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = lines.read();
    while (next != '\n') {
      if (next < 0) {
        return null;
      }
      line.append((char) next);
      next = lines.read();
    }
    return line.toString();
  }

  private void note(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 3) {
      erased.add(words[0] + " " + words[1]);
    } else {
      int stream = Integer.parseInt(words[0]);
      long offset = Long.parseLong(words[1]);
      assertThat(offset).isGreaterThan(acknowledged[stream]);
      acknowledged[stream] = offset;
    }
  }

  private void assertNothingLost() {
    try (RocksJournal journal =
        RocksJournal.open(
            folder, JournalConfig.DEFAULT, new ManualClock(), new SimpleMeterRegistry())) {
      for (int stream = 0; stream < CrashChild.STREAMS; stream++) {
        long last = journal.end(CrashChild.stream(stream)).map(StreamEnd::lastOffset).orElse(0L);
        assertThat(last).isGreaterThanOrEqualTo(acknowledged[stream]);
        assertRecords(journal, stream, last);
        assertThat(journal.get(CrashChild.FLOORS, CrashChild.floorKey(stream)))
            .isEqualTo(last == 0 ? null : CrashChild.floor(last));
        acknowledged[stream] = last;
      }
    }
  }

  private void assertRecords(RocksJournal journal, int stream, long last) {
    long expected = 1;
    while (expected <= last) {
      Page page = journal.read(CrashChild.stream(stream), expected, PageLimit.DEFAULT);
      assertThat(page.records()).isNotEmpty();
      for (JournalRecord record : page.records()) {
        assertThat(record.offset()).isEqualTo(expected);
        boolean isErased = (expected + 1) % CrashChild.ERASE_EVERY == 0 && expected + 1 <= last;
        assertThat(record.erased()).isEqualTo(isErased);
        if (!isErased) {
          assertThat(record.payload()).isEqualTo(CrashChild.payload(stream, expected));
          assertThat(erased).doesNotContain(stream + " " + expected);
        }
        expected++;
      }
    }
  }
}

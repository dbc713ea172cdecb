package dev.myelin.library.job.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobItem.Deleted;
import dev.myelin.library.job.model.JobItem.Refused;
import dev.myelin.model.Embedding;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What jobs are given, as it was given.
final class JobItemsTest {
  private static final String JOB = UUID.randomUUID().toString();
  private static final String OTHER = UUID.randomUUID().toString();

  @TempDir Path folder;
  private RocksJournal journal;
  private JobItems items;

  @BeforeEach
  void open() {
    journal =
        RocksJournal.open(
            folder, JournalConfig.DEFAULT, new ManualClock(), new SimpleMeterRegistry());
    items = new JobItems(journal);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static JobItem document() {
    DocumentMeta meta =
        new DocumentMeta(
            "T",
            "A",
            "note",
            "http://x",
            List.of("a", "b"),
            Map.of("year", 2020, "deep", List.of()));
    NewPassage vector = new NewPassage("one", Embedding.of(new float[] {1, -2.5f, 1e-20f}));
    return new Added(
        new NewDocument("id", meta, null, List.of(vector, NewPassage.of("two")), true));
  }

  @Test
  void comeBackAsTheyWere() {
    List<JobItem> given =
        List.of(
            document(),
            new Added(NewDocument.ofText("Täxt", "ü".repeat(10)).withId("x")),
            new Refused("it is bad"),
            new Deleted("gone"));
    items.write(JOB, JobItems.encode(given));
    assertThat(items.read(JOB, 0, 10, 1 << 20)).isEqualTo(given);
    assertThat(items.read(JOB, 2, 1, 1 << 20)).isEqualTo(given.subList(2, 3));
    assertThat(items.read(JOB, 4, 10, 1 << 20)).isEmpty();
    assertThat(items.read(OTHER, 0, 10, 1 << 20)).isEmpty();
  }

  @Test
  void areCutIntoRowsAndReadByTheirLength() {
    List<JobItem> given = new ArrayList<>();
    for (int length : List.of(10, JobItems.PART_BYTES - 1, 3 * JobItems.PART_BYTES, 2_500_000, 7)) {
      given.add(new Refused("x".repeat(length)));
    }
    items.write(JOB, JobItems.encode(given));
    assertThat(items.read(JOB, 0, 10, Integer.MAX_VALUE)).isEqualTo(given);
    assertThat(items.read(JOB, 3, 10, 1)).isEqualTo(given.subList(3, 4));
    assertThat(items.read(JOB, 0, 10, 100)).isEqualTo(given.subList(0, 2));
  }

  @Test
  void goWithTheirJobOrIfTheyHaveNone() {
    List<byte[]> some = JobItems.encode(List.of(new Deleted("a"), new Deleted("b")));
    items.write(JOB, some);
    items.write(OTHER, some);
    items.clearAllBut(Set.of(OTHER));
    assertThat(items.read(JOB, 0, 10, 1_000)).isEmpty();
    assertThat(items.read(OTHER, 0, 10, 1_000)).hasSize(2);
    items.clear(OTHER);
    assertThat(items.read(OTHER, 0, 10, 1_000)).isEmpty();
  }
}

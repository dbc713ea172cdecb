package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Change;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.rocks.Database.OpenMode;
import dev.myelin.journal.rocks.FailingDisk.Write;
import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFailureTest {
  private static final StreamName STREAM = new StreamName("space/acme/notes");
  private static final Table TABLE = new Table("floors");
  private static final JournalConfig CONFIG =
      JournalConfig.DEFAULT.withDisk(
          new DiskBounds(
              1 << 20, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofHours(1)));

  @TempDir private Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable FailingDisk failing;
  private @Nullable RocksJournal opened;

  @BeforeEach
  void open() {
    opened =
        RocksJournal.open(
            folder,
            new RocksJournal.Setting(CONFIG, new ManualClock(), meters),
            disk -> {
              failing = new FailingDisk(disk);
              return failing;
            });
    append("before").join();
  }

  @AfterEach
  void close() {
    journal().close();
  }

  private RocksJournal journal() {
    assertThat(opened).isNotNull();
    return opened;
  }

  private FailingDisk disk() {
    assertThat(failing).isNotNull();
    return failing;
  }

  private Change append(String payload) {
    return Change.of(
            batch -> {
              batch.append(STREAM, (byte) 1, payload.getBytes(UTF_8));
              batch.put(TABLE, new byte[] {1}, payload.getBytes(UTF_8));
            })
        .submitTo(journal());
  }

  private List<String> payloads() {
    return journal().read(STREAM, 1, PageLimit.DEFAULT).records().stream()
        .map(record -> new String(record.payload(), UTF_8))
        .toList();
  }

  private void assertRefusesAndServes(String... stored) {
    assertThatThrownBy(() -> append("refused at once"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
              assertThat(refused.text()).contains("nothing was stored").contains("by itself");
              assertThat(refused.retryAfter()).isNotNull();
            });
    assertThat(payloads()).containsExactly(stored);
  }

  private void assertRecovers(String... stored) {
    disk().mend();
    Eventually.until("writing works again", this::appendsMore);
    List<String> expected = new ArrayList<>(List.of(stored));
    expected.add("after");
    assertThat(payloads()).isEqualTo(expected);
    assertThat(new String(journal().get(TABLE, new byte[] {1}), UTF_8)).isEqualTo("after");
    journal().close();
    open();
    assertThat(payloads()).startsWith(expected.toArray(new String[0]));
  }

  private boolean appendsMore() {
    try {
      append("after").join();
      return true;
    } catch (ServiceException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
      return false;
    }
  }

  @Test
  void refusesABatchThatWasNotWrittenAndRecoversByItself() {
    disk().writes(Write.FAILS);

    ServiceException failure = append("lost").failure();

    assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    assertRefusesAndServes("before");
    assertRecovers("before");
  }

  @Test
  void commitsABatchThatWasWrittenAlthoughTheSyncSaidOtherwise() {
    List<JournalRecord> told = new ArrayList<>();
    journal().tail(STREAM, told::add);
    disk().writes(Write.FAILS_AFTER_WRITING);

    append("stored").join();

    assertThat(told).hasSize(1);
    assertRefusesAndServes("before", "stored");
    assertRecovers("before", "stored");
  }

  @Test
  void refusesABatchThatIsNotInAFolderThatCanOnlyBeRead() {
    disk().writes(Write.FAILS);
    disk().cannotOpen(OpenMode.READ_WRITE);

    ServiceException failure = append("lost").failure();

    assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    assertRefusesAndServes("before");
    assertRecovers("before");
  }

  @Test
  void saysUnknownIfABatchIsInAFolderThatCanOnlyBeRead() {
    disk().writes(Write.FAILS_AFTER_WRITING);
    disk().cannotOpen(OpenMode.READ_WRITE);

    ServiceException failure = append("stored").failure();

    assertThat(failure.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    assertThat(failure.text()).contains("before sending it again");
    assertRefusesAndServes("before", "stored");
    assertRecovers("before", "stored");
  }

  @Test
  void saysUnknownIfNothingCanBeReadAndServesAgainLater() {
    disk().writes(Write.FAILS);
    disk().cannotOpen(OpenMode.READ_WRITE, OpenMode.READ_ONLY);

    ServiceException failure = append("lost").failure();

    assertThat(failure.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    assertThatThrownBy(this::payloads)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    assertRecovers("before");
  }

  @Test
  void refusesWritesWhileTheReserveIsNotFree() {
    int opens = disk().timesOpened();
    disk().usableBytes(CONFIG.disk().reserveBytes() - 1);

    ServiceException failure = append("lost").failure();

    assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    assertThat(failure.text()).contains("disk is full").contains("Free");
    assertRefusesAndServes("before");
    disk().mend();
    Eventually.until("writing works again", this::appendsMore);
    assertThat(disk().timesOpened()).isEqualTo(opens);
    assertThat(payloads()).containsExactly("before", "after");
  }

  @Test
  void keepsRefusingWhileTheProbeFails() {
    disk().writes(Write.FAILS);
    append("lost").failure();
    disk().probeFails(true);
    disk().writes(Write.WORKS);
    int opens = disk().timesOpened();

    assertRefusesAndServes("before");
    assertThat(disk().timesOpened()).isEqualTo(opens);
    assertRecovers("before");
  }

  @Test
  void refusesWhatWaitedBehindAFailedBatch() {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    journal().close();
    opened =
        RocksJournal.open(
            folder,
            new RocksJournal.Setting(
                CONFIG.withBatch(new JournalConfig.BatchBounds(1, 1 << 20)),
                new ManualClock(),
                meters),
            disk -> {
              failing = new FailingDisk(disk);
              return failing;
            });
    Change first =
        Change.of(
                batch -> {
                  batch.append(STREAM, (byte) 1, new byte[1]);
                  reached.countDown();
                  awaitUninterruptibly(gate);
                })
            .submitTo(journal());
    awaitUninterruptibly(reached);
    disk().writes(Write.FAILS);
    List<Change> waiting = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      waiting.add(append("lost"));
    }
    gate.countDown();

    assertThat(first.failure().code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    waiting.forEach(
        change -> assertThat(change.failure().code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    assertThat(journal().load(Lane.NORMAL).depth()).isZero();
    assertThat(meters.counter("myelin.journal.transactions", "outcome", "unavailable").count())
        .isEqualTo(31);
  }

  @Test
  void closesWhileTheDiskFails() {
    disk().writes(Write.FAILS);
    disk().cannotOpen(OpenMode.READ_WRITE, OpenMode.READ_ONLY);
    append("lost").failure();

    journal().close();

    assertThatThrownBy(() -> append("late"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    open();
    assertThat(payloads()).containsExactly("before", "before");
  }

  @Test
  void failsAgainAndAgainWithoutLosingAnything() {
    List<String> stored = new ArrayList<>(List.of("before"));
    for (int round = 0; round < 8; round++) {
      disk().writes(round % 2 == 0 ? Write.FAILS : Write.FAILS_AFTER_WRITING);
      String payload = "round " + round;
      if (append(payload).outcome() == null) {
        stored.add(payload);
      }
      disk().mend();
      Eventually.until("writing works again", this::appendsMore);
      stored.add("after");
    }
    assertThat(payloads()).isEqualTo(stored);
    assertThat(stored).contains("round 1", "round 7").doesNotContain("round 0");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    Eventually.until("the latch opens", () -> latch.getCount() == 0);
  }
}

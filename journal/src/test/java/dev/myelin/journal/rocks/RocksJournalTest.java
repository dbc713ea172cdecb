package dev.myelin.journal.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Change;
import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalFixture;
import dev.myelin.journal.Lane;
import dev.myelin.journal.lane.LaneBounds;
import dev.myelin.journal.rocks.JournalConfig.BatchBounds;
import dev.myelin.journal.rocks.JournalConfig.SyncMode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class RocksJournalTest extends JournalFixture {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private JournalConfig config = JournalConfig.DEFAULT;

  @Override
  protected Journal open(Path folder) {
    boolean isCopy = folder.endsWith("copy");
    return RocksJournal.open(folder, config, clock, isCopy ? new SimpleMeterRegistry() : meters);
  }

  private void reopen(JournalConfig config) {
    this.config = config;
    reopen();
  }

  @Test
  void writesAllThatWaitsAtOnce() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 99; i++) {
      changes.add(Change.of(batch -> batch.append(STREAM, KIND, bytes("p"))));
    }
    inOneBatch(changes.toArray(new Change[0]));

    DistributionSummary sizes = meters.get("myelin.journal.batch.size").summary();
    assertThat(sizes.count()).isEqualTo(1);
    assertThat(sizes.max()).isEqualTo(100);
    assertThat(meters.get("myelin.journal.batch").summary().max()).isGreaterThan(99 * 30);
    assertThat(meters.get("myelin.journal.sync").timer().count()).isEqualTo(1);
    assertThat(transactions("committed")).isEqualTo(100);
  }

  @Test
  void boundsABatchInTransactionsAndBytes() {
    reopen(config.withBatch(new BatchBounds(10, 1_000)));
    Change[] changes = new Change[30];
    for (int i = 0; i < changes.length; i++) {
      int bytes = i < 15 ? 1 : 400;
      changes[i] = Change.of(bytes, batch -> batch.append(STREAM, KIND, bytes("p")));
    }
    inOneBatch(changes);

    // 1 that blocks and 9 small; 6 small and 3 large; the other 12 large, 3 by 3
    assertThat(meters.get("myelin.journal.batch.size").summary().count()).isEqualTo(6);
    assertThat(meters.get("myelin.journal.batch.size").summary().max()).isEqualTo(10);
  }

  @Test
  void writesNothingForTransactionsThatChangeNothing() {
    Change.of(batch -> batch.get(TABLE, bytes("k"))).submitTo(journal).join();
    Change.of(
            batch -> {
              throw new ServiceException(ErrorCode.NOT_FOUND, "refused by a test");
            })
        .submitTo(journal)
        .failure();

    Timer sync = meters.get("myelin.journal.sync").timer();
    assertThat(sync.count()).isZero();
    assertThat(transactions("refused")).isEqualTo(1);
  }

  @Test
  void countsBugsApart() {
    Change.of(
            batch -> {
              throw new IllegalStateException("thrown by a test");
            })
        .submitTo(journal)
        .failure();

    assertThat(transactions("failed")).isEqualTo(1);
  }

  @Test
  void showsItsQueues() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    Change waiting = Change.of(500, batch -> {}).submitTo(journal, Lane.LOW);

    assertThat(gauge("myelin.journal.queue.depth", "low")).isEqualTo(1);
    assertThat(gauge("myelin.journal.queue", "low")).isEqualTo(500);
    assertThat(gauge("myelin.journal.queue.pressure", "low")).isGreaterThan(0);
    assertThat(gauge("myelin.journal.queue.depth", "high")).isZero();
    gate.countDown();
    blocker.join();
    waiting.join();
  }

  @Test
  void takesItsMetersAwayWhenClosed() {
    journal.close();

    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void refusesWhatWouldGoPastTheBoundsOfALane() {
    LaneBounds small = new LaneBounds(2, 100);
    reopen(config.withLanes(small, small, small));
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    Change first = Change.of(1, batch -> {}).submitTo(journal);
    Change second = Change.of(1, batch -> {}).submitTo(journal);

    assertThatThrownBy(() -> Change.of(1, batch -> {}).submitTo(journal))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(refused.text()).contains("nothing was stored").contains("try again");
              assertThat(refused.retryAfter()).isNotNull();
            });
    assertThatThrownBy(() -> Change.of(101, batch -> {}).submitTo(journal, Lane.LOW))
        .isInstanceOf(ServiceException.class);
    gate.countDown();
    blocker.join();
    first.join();
    second.join();
    Change.of(1, batch -> {}).submitTo(journal).join();
  }

  @Test
  void passesAWaitingLaneOnlyAThousandTimes() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    List<String> order = new ArrayList<>();
    Change low = Change.of(batch -> order.add("low")).submitTo(journal, Lane.LOW);
    List<Change> high = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      high.add(Change.of(batch -> order.add("high")).submitTo(journal, Lane.HIGH));
    }
    gate.countDown();
    blocker.join();
    low.join();
    high.forEach(Change::join);

    assertThat(order.indexOf("low")).isEqualTo(1_000);
  }

  @Test
  void servesWithoutSyncingIfToldSo() {
    reopen(config.withSync(SyncMode.UNSAFE));
    append(STREAM, "a", "b");
    reopen();

    assertThat(payloads(STREAM)).containsExactly("a", "b");
  }

  @Test
  void deletesLargeAndSmallPrefixes() {
    for (int i = 0; i < 3; i++) {
      int run = i;
      Change.of(
              batch -> {
                for (int key = 0; key < 500; key++) {
                  batch.put(TABLE, bytes("s" + run + "/" + key), bytes("v"));
                }
              })
          .submitTo(journal)
          .join();
    }
    Change.of(batch -> batch.deleteAll(TABLE, bytes("s1/"))).submitTo(journal).join();
    Change.of(batch -> batch.deleteAll(TABLE, bytes("s2/49"))).submitTo(journal).join();
    reopen();

    assertThat(pairs(TABLE, "s1/")).isEmpty();
    assertThat(pairs(TABLE, "s2/")).hasSize(489);
    assertThat(pairs(TABLE, "s0/")).hasSize(500);
  }

  private double transactions(String outcome) {
    return meters.counter("myelin.journal.transactions", "outcome", outcome).count();
  }

  private double gauge(String name, String lane) {
    return meters.get(name).tag("lane", lane).gauge().value();
  }
}

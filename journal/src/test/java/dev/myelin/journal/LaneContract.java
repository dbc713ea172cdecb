package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// How every engine counts what waits.
public abstract class LaneContract extends JournalFixture {
  @Test
  void refusesANegativeSize() {
    assertThatThrownBy(() -> Change.of(-1, batch -> {}).submitTo(journal))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void tellsHowFullALaneIs() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    Change.of(100, batch -> {}).submitTo(journal, Lane.LOW);
    Change last = Change.of(23, batch -> {}).submitTo(journal, Lane.LOW);

    LaneLoad load = journal.load(Lane.LOW);
    assertThat(load.depth()).isEqualTo(2);
    assertThat(load.bytes()).isEqualTo(123);
    assertThat(load.pressure()).isGreaterThan(0);
    assertThat(journal.load(Lane.HIGH).depth()).isZero();

    gate.countDown();
    blocker.join();
    last.join();
    assertThat(journal.load(Lane.LOW).depth()).isZero();
    assertThat(journal.load(Lane.LOW).bytes()).isZero();
  }
}

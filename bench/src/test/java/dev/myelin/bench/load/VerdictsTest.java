package dev.myelin.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Pace pace = new Pace(0, 1_000);
  private final Verdicts verdicts = new Verdicts(pace::dueAt, 10 * MILLI, 100 * MILLI);

  @Test
  void chargesAStallToEverythingThatWaitedBehindIt() {
    // Due every millisecond; the server answers all of them when it wakes at 100 ms.
    for (long number = 1; number <= 100; number++) {
      verdicts.accepted(number, 100 * MILLI);
    }

    assertThat(verdicts.latency().getTotalCount()).isEqualTo(90);
    assertThat(verdicts.latency().getMaxValue() / 1e6).isBetween(89.9, 90.2);
    assertThat(verdicts.latency().getValueAtPercentile(50) / 1e6).isBetween(44.5, 46.0);
    assertThat(verdicts.measured()).isZero();
  }

  @Test
  void leavesOutTheWarmUp() {
    // The server slept through the warm-up: what was due in it comes in the time that is measured.
    for (long number = 1; number <= 12; number++) {
      verdicts.accepted(number, 20 * MILLI);
    }

    assertThat(verdicts.latency().getTotalCount()).isEqualTo(2);
    assertThat(verdicts.measured()).isEqualTo(2);
    assertThat(verdicts.settled()).isEqualTo(12);
  }

  @Test
  void refusesAVerdictThatIsNotTheNext() {
    verdicts.accepted(1, MILLI);

    assertThatThrownBy(() -> verdicts.accepted(3, MILLI))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("number 3 came where 2 was due");
    assertThatThrownBy(() -> verdicts.rejected(1, "overloaded")).isInstanceOf(LoadFailure.class);
  }

  @Test
  void countsRejectionsByTheirCode() {
    verdicts.rejected(1, "overloaded");
    verdicts.rejected(2, "overloaded");
    verdicts.accepted(3, 20 * MILLI);

    assertThat(verdicts.rejections()).containsExactly(entry("overloaded", 2L));
    assertThat(verdicts.latency().getTotalCount()).isZero();
  }
}

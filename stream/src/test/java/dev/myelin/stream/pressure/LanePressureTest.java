package dev.myelin.stream.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.testkit.ManualClock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanePressureTest {
  private final ManualClock clock = new ManualClock();
  private int depth;
  private long bytes;
  private final LanePressure pressure =
      new LanePressure(
          _ -> new LaneLoad(depth, 1_000, bytes, 1_000_000), Lane.NORMAL, PressureBounds.DEFAULT);

  private boolean highAt(int load) {
    depth = load;
    pressure.load();
    return pressure.isHigh();
  }

  private void drain(int count) {
    IntStream.range(0, count).forEach(_ -> pressure.drained());
    clock.advance(Duration.ofSeconds(1));
    pressure.sample(clock.instant());
  }

  private Duration retryAfter(int load) {
    depth = load;
    return pressure.retryAfter(pressure.load());
  }

  @Test
  void risesAtEightyPercentAndFallsBelowSeventy() {
    assertThat(highAt(799)).isFalse();
    assertThat(highAt(800)).isTrue();
    assertThat(highAt(700)).isTrue();
    assertThat(highAt(699)).isFalse();
    assertThat(highAt(799)).isFalse();
  }

  @Test
  void countsBytesLikeItems() {
    bytes = 800_000;
    assertThat(highAt(1)).isTrue();
    bytes = 950_000;
    assertThat(pressure.isOverloaded(pressure.load())).isTrue();
    bytes = 949_000;
    assertThat(pressure.isOverloaded(pressure.load())).isFalse();
  }

  @Test
  void saysHowLongHalfOfWhatWaitsTakes() {
    assertThat(retryAfter(800)).isEqualTo(LanePressure.UNKNOWN_WAIT);
    pressure.sample(clock.instant());
    drain(200);
    assertThat(retryAfter(800)).isEqualTo(Duration.ofSeconds(2));
    assertThat(retryAfter(0)).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void followsTheRateButRemembersItOverAShortStall() {
    pressure.sample(clock.instant());
    drain(1_000);
    drain(0);
    assertThat(retryAfter(1_000)).isBetween(Duration.ofMillis(500), Duration.ofMillis(700));
    for (int second = 0; second < 60; second++) {
      drain(0);
    }
    assertThat(retryAfter(1_000)).isEqualTo(LanePressure.STALLED_WAIT);
    for (int second = 0; second < 60; second++) {
      drain(3);
    }
    assertThat(retryAfter(10_000)).isEqualTo(LanePressure.LONGEST_WAIT);
  }

  @Test
  void ignoresAClockThatGoesBack() {
    pressure.sample(clock.instant());
    drain(100);
    clock.advance(Duration.ofSeconds(-5));
    pressure.sample(clock.instant());
    assertThat(retryAfter(100)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void refusesBoundsThatCross() {
    assertThatThrownBy(() -> new PressureBounds(0.8f, 0.8f, 0.95f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: 0 < activeBelow");
  }
}

package dev.myelin.live.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  @Test
  void readsWhatItWrites() {
    for (Bucket bucket : Bucket.values()) {
      assertThat(Rate.parse(bucket.usual().toString())).isEqualTo(bucket.usual());
    }
    assertThat(Rate.parse("10/60s burst 5")).isEqualTo(Rate.perSeconds(10, 60, 5));
    assertThat(Rate.parse(" 10 / 1m ")).isEqualTo(Rate.perSeconds(10, 60, 10));
    assertThat(Rate.parse("3/250ms burst 9").toString()).isEqualTo("3/250ms burst 9");
    assertThat(Rate.parse("1/2h").window()).isEqualTo(Duration.ofHours(2));
    assertThat(Rate.parse("off")).isEqualTo(Rate.UNLIMITED).hasToString("off");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "10/60", "0/60s", "10/0s", "-1/60s", "10/60s burst 0", "10/25h", "x/1s"})
  void refusesWhatIsNoRate(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  @Test
  void knowsHowLongABurstTakesToComeBack() {
    assertThat(Rate.perSeconds(10, 60, 5).refill()).isEqualTo(Duration.ofSeconds(30));
    assertThat(Rate.UNLIMITED.refill()).isZero();
  }
}

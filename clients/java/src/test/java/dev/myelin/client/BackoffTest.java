package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1));

  /// Always the largest or always the smallest value that is allowed.
  private record Extreme(boolean largest) implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }

    @Override
    public long nextLong(long bound) {
      return largest ? bound - 1 : 0;
    }
  }

  private static List<Long> waits(Backoff backoff, int count) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waits.add(backoff.next().toMillis());
    }
    return waits;
  }

  @Test
  void theBoundDoublesUpToTheLongest() {
    assertThat(waits(new Backoff(POLICY, new Extreme(true)), 7))
        .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
  }

  @Test
  void jitterIsFullSoAWaitMayBeZero() {
    assertThat(waits(new Backoff(POLICY, new Extreme(false)), 5)).containsOnly(0L);
  }

  @Test
  void aConnectionThatHeldMakesTheNextWaitShortAgain() {
    Backoff backoff = new Backoff(POLICY, new Extreme(true));
    waits(backoff, 5);

    backoff.reset();

    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void hundredsOfAttemptsDoNotOverflow() {
    assertThat(waits(new Backoff(POLICY, new Extreme(true)), 500)).allMatch(wait -> wait <= 1000);
  }
}

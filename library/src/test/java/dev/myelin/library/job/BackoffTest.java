package dev.myelin.library.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How long is waited before another try.
final class BackoffTest {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofMinutes(1);

  @Test
  void doublesUpToABound() {
    Backoff longest = new Backoff(FIRST, MOST, () -> 1);
    assertThat(longest.before(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(longest.before(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(longest.before(5)).isEqualTo(Duration.ofSeconds(32));
    assertThat(longest.before(6)).isEqualTo(MOST);
    assertThat(longest.before(Integer.MAX_VALUE)).isEqualTo(MOST);
  }

  @Test
  void halfOfItIsChance() {
    assertThat(new Backoff(FIRST, MOST, () -> 0).before(3)).isEqualTo(Duration.ofSeconds(4));
    assertThat(new Backoff(FIRST, MOST, () -> 0.5).before(3)).isEqualTo(Duration.ofSeconds(6));
  }
}

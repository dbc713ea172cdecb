package dev.myelin.library.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Seed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Pauses that grow up to a bound, and what a target may ask for.
final class BackoffTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final WebhookConfig.Patience PATIENCE =
      new WebhookConfig.Patience(Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofDays(1));

  private final Backoff backoff = new Backoff(PATIENCE, Seed.of("BackoffTest").random());

  private Duration after(int attempts, int seconds, @Nullable String asked) {
    return backoff.after(attempts, Duration.ofSeconds(seconds), asked, NOW);
  }

  @Test
  void doublesUpToABoundAndIsNeverShorterThanHalf() {
    for (int attempts = 1; attempts < 200; attempts++) {
      long full = Math.min(600_000, attempts > 10 ? 600_000 : 4_000L << (attempts - 1));
      assertThat(after(attempts, 4, null).toMillis()).isBetween(full / 2, full);
    }
  }

  @Test
  void waitsAsLongAsAskedWithinABound() {
    assertThat(after(1, 1, "120")).isEqualTo(Duration.ofMinutes(2));
    assertThat(after(1, 1, "86400")).isEqualTo(Duration.ofMinutes(5));
    assertThat(after(1, 1, "Sun, 1 Mar 2026 12:02:00 GMT")).isEqualTo(Duration.ofMinutes(2));
    assertThat(after(1, 3_600, "1")).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
  }

  @Test
  void passesByWhatIsNoTime() {
    for (String nonsense :
        new String[] {"", "soon", "-5", "99999999999999", "Sun, 1 Mar 2026 11:00:00 GMT"}) {
      assertThat(after(1, 2, nonsense)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
  }
}

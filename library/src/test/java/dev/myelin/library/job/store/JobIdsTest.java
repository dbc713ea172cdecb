package dev.myelin.library.job.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.ManualClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Ids grow, whatever the clock does.
final class JobIdsTest {
  private final ManualClock clock = new ManualClock();
  private final JobIds ids = new JobIds(clock);

  @Test
  void growWhileTheClockStandsAndWhenItGoesBack() {
    String last = "";
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) {
        clock.advance(Duration.ofSeconds(-5));
      }
      String next = ids.next();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
    UUID id = UUID.fromString(last);
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
  }

  @Test
  void goOnBehindThoseOfAnEarlierStart() {
    String earlier = "";
    for (int i = 0; i < 100; i++) {
      earlier = ids.next();
    }
    JobIds later = new JobIds(clock);
    later.after(UUID.fromString(earlier));
    assertThat(later.next()).isGreaterThan(earlier);
  }
}

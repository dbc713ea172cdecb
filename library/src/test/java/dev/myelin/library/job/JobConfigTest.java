package dev.myelin.library.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.library.job.JobConfig.Retry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What bounds may not be.
final class JobConfigTest {
  @Test
  void namesTheKeyThatIsWrong() {
    assertThatThrownBy(() -> new Retry(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("jobs.max-backoff: 1000 (expected: 2000 or more)");
    assertThatThrownBy(() -> new JobConfig.Queue(1, 1, 0, 1))
        .hasMessage("jobs.max-items: 0 (expected: 1 or more)");
  }
}

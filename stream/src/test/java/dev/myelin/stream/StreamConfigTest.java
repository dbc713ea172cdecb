package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamConfigTest {
  @Test
  void refusesBoundsThatMakeNoSense() {
    assertThatThrownBy(() -> StreamConfig.DEFAULT.withMaxSessions(0))
        .hasMessage("maxSessions: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> StreamConfig.DEFAULT.withIdleTimeout(Duration.ZERO))
        .hasMessage("idleTimeout: PT0S (expected: more than 0)");
    assertThatThrownBy(() -> StreamConfig.DEFAULT.withMaxAwaitedIndexings(-1))
        .hasMessage("maxAwaitedIndexings: -1 (expected: 1 or more)");
  }
}

package dev.myelin.journal.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Lane;
import dev.myelin.journal.lane.LaneBounds;
import dev.myelin.journal.rocks.JournalConfig.BatchBounds;
import dev.myelin.journal.rocks.JournalConfig.DiskBounds;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;
import dev.myelin.journal.rocks.JournalConfig.SyncMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class JournalConfigTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void isSafeAndBoundedByDefault() {
    JournalConfig config = JournalConfig.DEFAULT;

    assertThat(config.sync()).isEqualTo(SyncMode.SYNC);
    assertThat(config.lane(Lane.HIGH).capacity()).isEqualTo(10_000);
    assertThat(config.lane(Lane.NORMAL).capacity()).isEqualTo(100_000);
    assertThat(config.lane(Lane.LOW).capacity()).isEqualTo(50_000);
    long waiting =
        config.high().capacityBytes()
            + config.normal().capacityBytes()
            + config.low().capacityBytes();
    assertThat(waiting).isLessThanOrEqualTo(256L << 20);
  }

  @Test
  void changesOnePartAtATime() {
    LaneBounds lane = new LaneBounds(1, 2);
    JournalConfig config =
        JournalConfig.DEFAULT
            .withLanes(lane, lane, lane)
            .withBatch(new BatchBounds(3, 4))
            .withSync(SyncMode.UNSAFE)
            .withMemory(new MemoryBounds(1 << 21, 1 << 22, 40))
            .withDisk(new DiskBounds(5, SECOND, SECOND, SECOND));

    assertThat(config)
        .isEqualTo(
            new JournalConfig(
                lane,
                lane,
                lane,
                new BatchBounds(3, 4),
                SyncMode.UNSAFE,
                new MemoryBounds(1 << 21, 1 << 22, 40),
                new DiskBounds(5, SECOND, SECOND, SECOND, 100)));
  }

  @Test
  void refusesWhatCannotWork() {
    assertThatThrownBy(() -> new BatchBounds(0, 1)).hasMessageContaining("batch transactions: 0");
    assertThatThrownBy(() -> new BatchBounds(1, 0)).hasMessageContaining("batch bytes: 0");
    assertThatThrownBy(() -> new MemoryBounds(1, 1 << 20, 40))
        .hasMessageContaining("write buffer bytes: 1 (expected: 1048576 to ");
    assertThatThrownBy(() -> new MemoryBounds(1 << 20, 1, 40))
        .hasMessageContaining("block cache bytes: 1");
    assertThatThrownBy(() -> new MemoryBounds(1 << 20, 1 << 20, 1))
        .hasMessageContaining("open files: 1");
    assertThatThrownBy(() -> new DiskBounds(-1, SECOND, SECOND, SECOND))
        .hasMessageContaining("disk reserve bytes: -1");
    assertThatThrownBy(() -> new DiskBounds(0, Duration.ZERO, SECOND, SECOND))
        .hasMessageContaining("first retry in ms: 0");
    assertThatThrownBy(() -> new DiskBounds(0, SECOND, Duration.ofMillis(999), SECOND))
        .hasMessageContaining("longest retry in ms: 999 (expected: 1000 to");
    assertThatThrownBy(() -> new DiskBounds(0, SECOND, SECOND, Duration.ZERO))
        .hasMessageContaining("purge after ms: 0");
    assertThatThrownBy(() -> new DiskBounds(0, SECOND, SECOND, SECOND, -1))
        .hasMessageContaining("purge rest: -1");
  }
}

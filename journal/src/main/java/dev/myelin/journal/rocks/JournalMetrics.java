package dev.myelin.journal.rocks;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.journal.lane.Lanes;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the journal tells about itself, as `myelin.journal.*`. Removed from the registry on close.
final class JournalMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final DistributionSummary batchSize;
  private final DistributionSummary batchBytes;
  private final Timer sync;
  private final Counter committed;
  private final Counter refused;
  private final Counter failed;
  private final Counter unavailable;
  private final Counter unknown;

  JournalMetrics(MeterRegistry registry, Lanes lanes) {
    this.registry = registry;
    batchSize =
        keep(
            DistributionSummary.builder("myelin.journal.batch.size")
                .description("Transactions written and synced together")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024)
                .register(registry));
    batchBytes =
        keep(
            DistributionSummary.builder("myelin.journal.batch")
                .description("Bytes written and synced together")
                .baseUnit("bytes")
                .serviceLevelObjectives(1 << 10, 1 << 13, 1 << 16, 1 << 19, 1 << 22)
                .register(registry));
    sync =
        keep(
            Timer.builder("myelin.journal.sync")
                .description("Time to write and sync one batch")
                .serviceLevelObjectives(
                    millis(1),
                    millis(2),
                    millis(5),
                    millis(10),
                    millis(25),
                    millis(100),
                    millis(500))
                .register(registry));
    committed = transactions("committed");
    refused = transactions("refused");
    failed = transactions("failed");
    unavailable = transactions("unavailable");
    unknown = transactions("unknown");
    for (Lane lane : Lane.values()) {
      queue(lane, lanes);
    }
  }

  private void queue(Lane lane, Lanes lanes) {
    String name = lane.name().toLowerCase(Locale.ROOT);
    keep(
        Gauge.builder("myelin.journal.queue.depth", lanes, all -> all.load(lane).depth())
            .description("Transactions that wait")
            .tag("lane", name)
            .register(registry));
    keep(
        Gauge.builder("myelin.journal.queue", lanes, all -> all.load(lane).bytes())
            .description("Bytes of transactions that wait")
            .baseUnit("bytes")
            .tag("lane", name)
            .register(registry));
    keep(
        Gauge.builder("myelin.journal.queue.pressure", lanes, all -> pressure(all.load(lane)))
            .description("How full the lane is, 0 to 1")
            .tag("lane", name)
            .register(registry));
  }

  private static double pressure(LaneLoad load) {
    return load.pressure();
  }

  private Counter transactions(String outcome) {
    return keep(
        Counter.builder("myelin.journal.transactions")
            .description("Transactions by outcome")
            .tag("outcome", outcome)
            .register(registry));
  }

  private static Duration millis(int count) {
    return Duration.ofMillis(count);
  }

  private <T extends Meter> T keep(T meter) {
    meters.add(meter);
    return meter;
  }

  void wrote(int transactions, long bytes, long nanos) {
    batchSize.record(transactions);
    batchBytes.record((double) bytes);
    sync.record(Duration.ofNanos(nanos));
  }

  /// Counts a transaction: committed, or why not.
  void ended(@Nullable ServiceException reason) {
    if (reason == null) {
      committed.increment();
      return;
    }
    Counter counter =
        switch (reason.code()) {
          case STORAGE_UNAVAILABLE -> unavailable;
          case OUTCOME_UNKNOWN -> unknown;
          case INTERNAL -> failed;
          default -> refused;
        };
    counter.increment();
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}

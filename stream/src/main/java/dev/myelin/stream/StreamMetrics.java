package dev.myelin.stream;

import dev.myelin.journal.Lane;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// What the service counts, under `myelin.stream`.
final class StreamMetrics {
  /// What can become of an observation.
  enum Fate {
    ACCEPTED,
    REJECTED,
    VOIDED,
    GAP,
    DUPLICATE
  }

  /// What can become of a request to resume.
  enum Resume {
    RESUMED,
    TAKEN_OVER,
    UNKNOWN
  }

  private final MeterRegistry registry;
  private final Map<Fate, Map<Lane, Counter>> observations = new EnumMap<>(Fate.class);
  private final Map<Resume, Counter> resumes = new EnumMap<>(Resume.class);
  private final Timer acknowledgement;

  StreamMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Fate fate : Fate.values()) {
      Map<Lane, Counter> lanes = new EnumMap<>(Lane.class);
      for (Lane lane : Lane.values()) {
        lanes.put(
            lane,
            Counter.builder("myelin.stream.observations")
                .description("Observations by what became of them")
                .tag("verdict", name(fate))
                .tag("lane", name(lane))
                .register(registry));
      }
      observations.put(fate, lanes);
    }
    for (Resume result : Resume.values()) {
      resumes.put(
          result,
          Counter.builder("myelin.stream.resumes")
              .description("Requests to resume a session by what became of them")
              .tag("result", name(result))
              .register(registry));
    }
    acknowledgement =
        Timer.builder("myelin.stream.acknowledgement")
            .description("From an observation received to its acknowledgement written")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
  }

  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("myelin.stream." + name, value).description(description).register(registry);
  }

  void pressure(Lane lane, DoubleSupplier value) {
    Gauge.builder("myelin.stream.pressure", value::getAsDouble)
        .description("How full a lane is, 0 to 1")
        .tag("lane", name(lane))
        .register(registry);
  }

  void count(Fate fate, Lane lane) {
    Objects.requireNonNull(Objects.requireNonNull(observations.get(fate)).get(lane)).increment();
  }

  void count(Resume result) {
    Objects.requireNonNull(resumes.get(result)).increment();
  }

  void acknowledged(long nanos) {
    acknowledgement.record(nanos, TimeUnit.NANOSECONDS);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Schemas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the gateway counts. Any thread.
public final class GatewayMetrics {
  private static final String UNKNOWN = "unknown";
  private static final int MOST_TYPES = 100;

  private final MeterRegistry registry;
  private final Schemas schemas;
  private final Set<String> words;
  private final InstantSource clock;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong waiting = new AtomicLong();
  private final Counter opened;
  private final Timer answers;
  private final Timer deliveries;
  private final DistributionSummary lag;
  private final Map<String, Counter> sent = new ConcurrentHashMap<>();
  private final Map<String, Counter> received = new ConcurrentHashMap<>();
  private final Map<String, Counter> resumed = new ConcurrentHashMap<>();
  private final Map<GatewayCode, Counter> errors = new EnumMap<>(GatewayCode.class);

  /// @param schemas whose types of messages are counted by their names
  /// @param words that are, too; all others together
  public GatewayMetrics(
      MeterRegistry registry, Schemas schemas, Set<String> words, InstantSource clock) {
    this.registry = registry;
    this.schemas = schemas;
    this.words = words;
    this.clock = clock;
    opened =
        Counter.builder("myelin.gateway.connections.opened")
            .description("Connections of the gateway in all")
            .register(registry);
    answers =
        Timer.builder("myelin.gateway.answer")
            .description("From a client's message read to its answer written")
            .publishPercentileHistogram()
            .register(registry);
    deliveries =
        Timer.builder("myelin.gateway.delivery")
            .description("From an event's commit to when it is written, one in sixteen")
            .publishPercentileHistogram()
            .register(registry);
    lag =
        DistributionSummary.builder("myelin.gateway.lag")
            .baseUnit("events")
            .description("How far behind clients say they are, with each channel of a heartbeat")
            .register(registry);
    Gauge.builder("myelin.gateway.connections", open, AtomicInteger::get)
        .description("Connections of the gateway that are open")
        .register(registry);
    Gauge.builder("myelin.gateway.outbox", waiting, AtomicLong::get)
        .baseUnit("bytes")
        .description("What waits for clients of the gateway that read slowly")
        .register(registry);
    for (GatewayCode code : GatewayCode.values()) {
      errors.put(
          code,
          Counter.builder("myelin.gateway.errors")
              .description("Errors that clients of the gateway were told of")
              .tag("code", code.word())
              .register(registry));
    }
  }

  void opened() {
    open.incrementAndGet();
    opened.increment();
  }

  void closed() {
    open.decrementAndGet();
  }

  /// More waits for a slow client, or less.
  void waits(long bytes) {
    waiting.addAndGet(bytes);
  }

  /// Connections that are open.
  public int open() {
    return open.get();
  }

  /// Counts a message by its type. Events have the types that back ends give them: when there are
  /// many, those that are new are counted as unknown.
  void sent(String type) {
    Counter counter = sent.get(type);
    if (counter == null) {
      String name = sent.size() < MOST_TYPES ? type : UNKNOWN;
      counter = sent.computeIfAbsent(name, this::sentCounter);
    }
    counter.increment();
  }

  private Counter sentCounter(String type) {
    return Counter.builder("myelin.gateway.messages.sent")
        .description("Messages to clients of the gateway")
        .tag("type", type)
        .register(registry);
  }

  /// A message of a client is answered.
  void answered(Inbound message) {
    answers.record(System.nanoTime() - message.arrived(), TimeUnit.NANOSECONDS);
  }

  /// An event of that moment is written to a client.
  void told(Instant committed) {
    Duration way = Duration.between(committed, clock.instant());
    deliveries.record(way.isNegative() ? Duration.ZERO : way);
  }

  /// A client has so many events of a channel not yet that it was told.
  public void lag(long events) {
    lag.record((double) events);
  }

  /// Counts a message by its type; what is not known by that, as unknown.
  public void received(String type) {
    received.computeIfAbsent(known(type), this::receivedCounter).increment();
  }

  /// The type, if it is one of those of this server: what clients make up is not kept.
  private String known(String type) {
    boolean known = words.contains(type) || (schemas.isReady() && schemas.types().contains(type));
    return known ? type : UNKNOWN;
  }

  private Counter receivedCounter(String type) {
    return Counter.builder("myelin.gateway.messages.received")
        .description("Messages from clients of the gateway")
        .tag("type", type)
        .register(registry);
  }

  void error(GatewayCode code) {
    Counter counter = errors.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  /// Counts a session that a client wanted to go on with.
  ///
  /// @param result resumed or fresh
  public void resumed(String result) {
    resumed
        .computeIfAbsent(
            result,
            word ->
                Counter.builder("myelin.gateway.resumes")
                    .description("Sessions that clients wanted to go on with")
                    .tag("result", word)
                    .register(registry))
        .increment();
  }
}

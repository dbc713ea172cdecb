package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.message.Schemas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the gateway counts. Any thread.
public final class GatewayMetrics {
  private static final String UNKNOWN = "unknown";

  private final MeterRegistry registry;
  private final Schemas schemas;
  private final Set<String> words;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong waiting = new AtomicLong();
  private final Counter opened;
  private final Counter sent;
  private final DistributionSummary lag;
  private final Map<String, Counter> received = new ConcurrentHashMap<>();
  private final Map<String, Counter> resumed = new ConcurrentHashMap<>();
  private final Map<GatewayCode, Counter> errors = new EnumMap<>(GatewayCode.class);

  /// @param schemas whose types of messages are counted by their names
  /// @param words that are, too; all others together
  public GatewayMetrics(MeterRegistry registry, Schemas schemas, Set<String> words) {
    this.registry = registry;
    this.schemas = schemas;
    this.words = words;
    opened =
        Counter.builder("myelin.gateway.connections.opened")
            .description("Connections of the gateway in all")
            .register(registry);
    sent =
        Counter.builder("myelin.gateway.messages.sent")
            .description("Messages to clients of the gateway")
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

  void sent() {
    sent.increment();
  }

  /// A client has so many events of a channel not yet that it was told.
  public void lag(long events) {
    lag.record((double) events);
  }

  /// Counts a message by its type; what is not known by that, as unknown.
  public void received(String type) {
    boolean known = words.contains(type) || (schemas.isReady() && schemas.types().contains(type));
    received.computeIfAbsent(known ? type : UNKNOWN, this::receivedCounter).increment();
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

package dev.myelin.server;

import dev.myelin.edge.EdgeServer;
import dev.myelin.edge.net.ConnectionGate;
import dev.myelin.live.broker.Broker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// What the server counts, and its text for Prometheus. Any thread.
final class ServerMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  MeterRegistry registry() {
    return registry;
  }

  String text() {
    return registry.scrape();
  }

  /// Adds what is known of the broker.
  void watch(Broker broker) {
    Gauge.builder("myelin.broker.waiting", broker, one -> one.stats().waiting())
        .description("Messages that wait to be told")
        .register(registry);
    Gauge.builder("myelin.broker.receivers", broker, one -> one.stats().receivers())
        .description("Those that are told of messages")
        .register(registry);
    FunctionCounter.builder("myelin.broker.published", broker, one -> one.stats().published())
        .description("Messages that were published")
        .register(registry);
    FunctionCounter.builder("myelin.broker.delivered", broker, one -> one.stats().delivered())
        .description("Messages that were told, each receiver counted")
        .register(registry);
    FunctionCounter.builder("myelin.broker.left.out", broker, one -> one.stats().leftOut())
        .description("Messages for which there was no room in line")
        .register(registry);
    FunctionCounter.builder("myelin.broker.errors", broker, one -> one.stats().errors())
        .description("Times that a receiver failed")
        .register(registry);
  }

  /// Adds what is known of connections, and of the process.
  void watch(EdgeServer edge) {
    ConnectionGate gate = edge.connections();
    Gauge.builder("myelin.edge.websockets", edge, EdgeServer::webSockets)
        .description("WebSockets that are open")
        .register(registry);
    Gauge.builder("myelin.edge.connections", gate, ConnectionGate::open)
        .description("Connections that are open")
        .register(registry);
    FunctionCounter.builder("myelin.edge.connections.refused", gate, ConnectionGate::refused)
        .description("Connections turned away because too many were open")
        .register(registry);
    FunctionCounter.builder("myelin.edge.connections.expired", gate, ConnectionGate::expired)
        .description("Connections ended because no request came in time")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}

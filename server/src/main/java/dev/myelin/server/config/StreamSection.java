package dev.myelin.server.config;

import dev.myelin.stream.StreamConfig;
import dev.myelin.stream.pressure.PressureBounds;

/// The keys under `stream`.
final class StreamSection {
  private StreamSection() {}

  static StreamConfig read(Values values, StreamConfig otherwise) {
    return new StreamConfig(
        values.integer("stream.max-sessions", otherwise.maxSessions()),
        values.duration("stream.idle-timeout", otherwise.idleTimeout()),
        values.integer("stream.default-in-flight", otherwise.defaultInFlight()),
        values.integer("stream.max-in-flight", otherwise.maxInFlight()),
        values.integer("stream.recall-batch", otherwise.recallBatch()),
        values.integer("stream.max-awaited-indexings", otherwise.maxAwaitedIndexings()),
        values.duration("stream.pressure-interval", otherwise.pressureInterval()),
        new PressureBounds(
            values.fraction("stream.pressure.active-below", otherwise.pressure().activeBelow()),
            values.fraction(
                "stream.pressure.backpressure-from", otherwise.pressure().backpressureFrom()),
            values.fraction(
                "stream.pressure.overloaded-from", otherwise.pressure().overloadedFrom())));
  }
}

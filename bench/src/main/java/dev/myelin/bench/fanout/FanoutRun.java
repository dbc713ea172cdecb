package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Pace;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;

/// Publishes events on one connection at a rate and follows each to every listener.
///
/// @param cpuSeconds processor time that the server has used so far
public record FanoutRun(
    String name, Target target, Surface surface, FanoutPlan plan, DoubleSupplier cpuSeconds) {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(1);

  /// Measures.
  ///
  /// @throws LoadFailure if an event is missing, doubled or out of order anywhere
  public FanoutFigures measure() throws IOException {
    Tally tally = new Tally(plan.listeners(), plan.events());
    tally.measureFrom(plan.eventsBefore() + 1L);
    List<SocketChannel> stuck = new ArrayList<>();
    try (Audience audience = Audience.open(target, surface, plan.listeners(), tally);
        Publisher publisher = Publisher.open(target, surface)) {
      for (int i = 0; i < plan.stuck(); i++) {
        stuck.add(surface.connect(target));
      }
      return publish(audience, publisher, tally);
    } catch (LoadFailure e) {
      throw new LoadFailure(name + ": " + e.text(), e);
    } finally {
      for (SocketChannel channel : stuck) {
        channel.close();
      }
    }
  }

  private FanoutFigures publish(Audience audience, Publisher publisher, Tally tally)
      throws IOException {
    Pace pace = new Pace(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100), plan.rate());
    double cpuBefore = cpuSeconds.getAsDouble();
    for (long number = 1; number <= plan.events(); number++) {
      long due = pace.dueAt(number);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
      }
      if (number == plan.eventsBefore() + 1L) {
        cpuBefore = cpuSeconds.getAsDouble();
      }
      tally.published(number, due);
      publisher.publish(number, plan.bytes());
      audience.requireWell();
    }
    awaitAll(audience, tally);
    double cpu = cpuSeconds.getAsDouble() - cpuBefore;
    Histogram latency = tally.latency();
    return new FanoutFigures(
        name,
        plan.listeners(),
        plan.rate(),
        latency.getTotalCount(),
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6,
        cpu,
        tally.eventBytes());
  }

  private void awaitAll(Audience audience, Tally tally) {
    long expected = (long) plan.listeners() * plan.events();
    long deadline = System.nanoTime() + PATIENCE;
    while (tally.delivered() < expected) {
      audience.requireWell();
      if (System.nanoTime() - deadline > 0) {
        throw new LoadFailure(
            tally.delivered() + " events arrived in time (expected: " + expected + ")");
      }
      LockSupport.parkNanos(POLL);
    }
  }
}

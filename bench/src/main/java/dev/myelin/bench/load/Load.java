package dev.myelin.bench.load;

import dev.myelin.bench.load.LoadConnection.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/// A run: all connections of one plan, from the first observation to the last answer.
public final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LoadPlan plan;
  private final List<Wire> wires = new ArrayList<>();
  private final List<Dialect> dialects = new ArrayList<>();
  private volatile List<LoadConnection> connections = List.of();

  /// Opens the connections; nothing is observed yet.
  ///
  /// @param dialects from the number of a connection, from 0
  public Load(LoadPlan plan, Target target, IntFunction<Dialect> dialects) throws IOException {
    this.plan = plan;
    try {
      for (int i = 0; i < plan.connections(); i++) {
        Wire wire = Wire.connect(target.address());
        wires.add(wire);
        Dialect dialect = dialects.apply(i);
        dialect.open(wire);
        this.dialects.add(dialect);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Sends and verifies everything; comes back when the last answer has come.
  ///
  /// @throws LoadFailure if an answer is missing, wrong or out of order
  public LoadResult run() throws InterruptedException {
    long start = System.nanoTime() + LEAD_NANOS;
    long measure = start + plan.warmUp().toNanos();
    long stop = measure + plan.duration().toNanos();
    double each = plan.ratePerSecond() / plan.connections();
    List<LoadConnection> started = new ArrayList<>();
    for (int i = 0; i < plan.connections(); i++) {
      Pace pace =
          plan.isOpenLoop()
              ? new Pace(start + (long) (i * 1e9 / plan.ratePerSecond()), each)
              : null;
      int window = plan.window() / plan.connections();
      Schedule schedule = new Schedule(measure, stop, pace, window);
      started.add(new LoadConnection(wires.get(i), dialects.get(i), schedule, "load-" + i));
    }
    connections = started;
    started.forEach(LoadConnection::start);
    for (LoadConnection connection : started) {
      connection.awaitEnd(PATIENCE);
    }
    return result(started);
  }

  private LoadResult result(List<LoadConnection> ended) {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
    Map<String, Long> rejections = new TreeMap<>();
    long sent = 0;
    long measured = 0;
    for (LoadConnection connection : ended) {
      sent += connection.sent();
      measured += connection.verdicts().measured();
      latency.add(connection.verdicts().latency());
      connection
          .verdicts()
          .rejections()
          .forEach((code, count) -> rejections.merge(code, count, Long::sum));
    }
    double achieved = measured / (plan.duration().toNanos() / 1e9);
    return new LoadResult(sent, achieved, rejections, latency);
  }

  /// The last number of a connection that is settled by now, 0 before the start. Any thread.
  public long settled(int connection) {
    List<LoadConnection> started = connections;
    return started.isEmpty() ? 0 : started.get(connection).verdicts().settled();
  }

  @Override
  public void close() throws IOException {
    for (Wire wire : wires) {
      wire.close();
    }
  }
}

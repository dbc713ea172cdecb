package dev.myelin.bench.stream;

import dev.myelin.bench.host.Metrics;
import dev.myelin.bench.load.Load;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.LoadPlan;
import dev.myelin.bench.load.LoadResult;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.Transport;
import dev.myelin.bench.stream.StreamFigures.Recalls;
import dev.myelin.bench.stream.StreamFigures.ServerSide;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One transport under one load, into a space of its own.
///
/// @param run tells its observations from those of all other runs
/// @param recallsPerSecond beside the load; 0 for none
record StreamRun(
    Target target,
    Transport transport,
    LoadPlan plan,
    String run,
    int dimension,
    double recallsPerSecond) {
  private static final int SAMPLE = 100;
  private static final String ACKNOWLEDGEMENT = "myelin_stream_acknowledgement_seconds";

  /// Streams, verifies every verdict, then recalls a sample of what was accepted.
  ///
  /// @throws LoadFailure if a verdict is wrong or missing; it names the transport
  StreamFigures measure() throws IOException, InterruptedException {
    try {
      return streamAndRecall();
    } catch (LoadFailure e) {
      throw new LoadFailure(name() + ": " + e.text(), e);
    }
  }

  private StreamFigures streamAndRecall() throws IOException, InterruptedException {
    String space = "bench-" + run + '-' + name();
    Observations observations = new Observations(run + name(), dimension, 1);
    Metrics before = Metrics.of(target);
    try (Load load =
        new Load(
            plan, target, i -> transport.dialect(new Session(target, observations, i, space)))) {
      Beside beside = run(load, observations, space);
      LoadResult result = beside.result();
      Metrics after = Metrics.of(target);
      // A connection of its own: one that is opened before and not read meanwhile gets closed.
      try (RecallProbe probe = new RecallProbe(target, observations, space)) {
        int sampled = result.rejected() > 0 ? 0 : sample(load, probe);
        return new StreamFigures(
            name(),
            plan.ratePerSecond(),
            result,
            after.cpuSeconds() - before.cpuSeconds(),
            serverSide(before, after),
            beside.recalls(),
            sampled,
            probe.misses());
      }
    }
  }

  /// What a load did, and what was recalled beside it.
  private record Beside(LoadResult result, @Nullable Recalls recalls) {}

  private String name() {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  private Beside run(Load load, Observations observations, String space)
      throws IOException, InterruptedException {
    if (recallsPerSecond <= 0) {
      return new Beside(load.run(), null);
    }
    try (RecallProbe probe = new RecallProbe(target, observations, space)) {
      RecallLoad recalling = new RecallLoad(probe, load, plan.connections(), recallsPerSecond);
      LoadResult result;
      try {
        result = load.run();
      } finally {
        recalling.stop();
      }
      recalling.requireUnbroken();
      return new Beside(result, recalls(probe));
    }
  }

  private static Recalls recalls(RecallProbe probe) {
    Histogram latency = probe.latency();
    return new Recalls(
        latency.getTotalCount(),
        probe.misses(),
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6);
  }

  /// The last one of each connection, and others at random.
  private int sample(Load load, RecallProbe probe) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    int looked = 0;
    for (int i = 0; i < SAMPLE; i++) {
      int connection = i % plan.connections();
      long settled = load.settled(connection);
      if (settled > 0) {
        probe.look(connection, i < plan.connections() ? settled : random.nextLong(settled) + 1);
        looked++;
      }
    }
    return looked;
  }

  private static ServerSide serverSide(Metrics before, Metrics after) {
    return new ServerSide(
        after.percentileSince(before, ACKNOWLEDGEMENT, 50) * 1e3,
        after.percentileSince(before, ACKNOWLEDGEMENT, 99) * 1e3,
        after.meanSince(before, "myelin_journal_batch_size"),
        after.meanSince(before, "myelin_journal_sync_seconds") * 1e3);
  }
}

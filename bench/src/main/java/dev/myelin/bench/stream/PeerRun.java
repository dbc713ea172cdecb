package dev.myelin.bench.stream;

import dev.myelin.bench.load.Load;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.LoadPlan;
import dev.myelin.bench.load.LoadResult;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.peer.Peer;
import dev.myelin.bench.peer.PeerProcess;
import java.io.IOException;
import java.nio.file.Path;

/// One peer under the load that Myelin gets.
record PeerRun(Peer peer, Path folder, LoadPlan plan, String run, int dimension) {
  /// Starts the peer, streams, and ends it.
  ///
  /// @throws LoadFailure if an answer is wrong or missing; it names the peer
  StreamFigures measure() throws IOException, InterruptedException {
    Observations observations = new Observations(run + peer.label(), dimension, 1);
    try (PeerProcess process = peer.start(folder, dimension);
        Load load =
            new Load(
                plan,
                process.target(),
                i -> peer.dialect(new Session(process.target(), observations, i, "bench")))) {
      double before = process.cpuSeconds();
      LoadResult result = load.run();
      double cpuSeconds = process.cpuSeconds() - before;
      return new StreamFigures(
          peer.label(), plan.ratePerSecond(), result, cpuSeconds, null, null, 0, 0);
    } catch (LoadFailure e) {
      throw new LoadFailure(peer.label() + ": " + e.text(), e);
    }
  }
}

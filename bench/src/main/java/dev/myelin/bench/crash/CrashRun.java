package dev.myelin.bench.crash;

import dev.myelin.bench.host.ServerProcess;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A server that is loaded and killed, round after round, on the same folder.
///
/// After each start every session must go on at its floor, and the memories of its last round and
/// of an earlier one, picked at random, must be exactly those below it; at the end all of them.
final class CrashRun {
  private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-Xmx512m");
  private static final Map<String, String> SETTINGS =
      Map.of("MYELIN_EMBEDDING_PROVIDER", "none", "MYELIN_LOG_LEVEL", "WARN");
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);
  private static final long POLL = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long MAX_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

  private final Path data;
  private final List<CrashSession> sessions;
  private final Random random;

  CrashRun(Path data, int sessions, long seed) {
    this.data = data;
    this.sessions = IntStream.range(0, sessions).mapToObj(CrashSession::new).toList();
    this.random = new Random(seed);
  }

  /// Kills so many times.
  ///
  /// @return observations that survived
  /// @throws LoadFailure if one was lost or doubled
  long run(int rounds, Consumer<String> progress) throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      long killedAfter;
      try (ServerProcess server = ServerProcess.start(data, QUICK_START, SETTINGS)) {
        resumeAndCheck(server, round);
        sessions.forEach(CrashSession::begin);
        killedAfter = awaitEnough(random.nextInt(CrashSession.MAX_IN_ROUND));
        LockSupport.parkNanos(random.nextLong(MAX_DELAY));
        server.kill();
        for (CrashSession session : sessions) {
          session.end();
        }
      } catch (LoadFailure e) {
        throw new LoadFailure("round " + round + ": " + e.text(), e);
      }
      progress.accept(
          "round "
              + round
              + " of "
              + rounds
              + ": "
              + survived()
              + " were there, killed after "
              + killedAfter
              + " more");
    }
    try (ServerProcess server = ServerProcess.start(data, QUICK_START, SETTINGS)) {
      resumeAndCheck(server, rounds + 1);
      checkAll(server, rounds);
    } catch (LoadFailure e) {
      throw new LoadFailure("after round " + rounds + ": " + e.text(), e);
    }
    return survived();
  }

  private long survived() {
    return sessions.stream().mapToLong(CrashSession::floor).sum();
  }

  private void resumeAndCheck(ServerProcess server, int round) throws IOException {
    Target target = Target.parse(server.url(), null);
    try (TaggedMemories memories = new TaggedMemories(target)) {
      for (CrashSession session : sessions) {
        session.resume(target);
        if (round > 1) {
          session.check(memories, round - 1);
          session.check(memories, 1 + random.nextInt(round - 1));
        }
      }
    }
  }

  private void checkAll(ServerProcess server, int rounds) throws IOException {
    try (TaggedMemories memories = new TaggedMemories(Target.parse(server.url(), null))) {
      for (CrashSession session : sessions) {
        for (int round = 1; round <= rounds; round++) {
          session.check(memories, round);
        }
      }
    }
  }

  /// Waits for so many acknowledgements.
  ///
  /// @return how many observations were acknowledged in this round
  private long awaitEnough(int enough) {
    long deadline = System.nanoTime() + PATIENCE;
    while (true) {
      long progress = sessions.stream().mapToLong(CrashSession::progress).sum();
      if (progress >= enough || sessions.stream().anyMatch(CrashSession::hasEnded)) {
        return progress;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new LoadFailure(
            "the server acknowledged " + progress + " observations in two minutes and no more");
      }
      LockSupport.parkNanos(POLL);
    }
  }
}

package dev.myelin.bench.recall;

import dev.myelin.bench.host.TempFolder;
import dev.myelin.journal.Lane;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.Commitment;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Remember;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.memory.Stored;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An engine in this process with one space of points. Any thread.
final class VectorLab implements AutoCloseable {
  private static final SpaceId SPACE = SpaceId.parse("points");
  private static final int IN_FLIGHT = 2_048;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);

  private final TempFolder folder;
  private final Semaphore room = new Semaphore(IN_FLIGHT);
  private RocksJournal journal;
  private MemoryEngine engine;

  VectorLab() throws IOException {
    folder = TempFolder.create();
    InstantSource clock = InstantSource.system();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    journal = openJournal(clock, meters);
    engine = openEngine(clock, meters);
  }

  private RocksJournal openJournal(InstantSource clock, SimpleMeterRegistry meters) {
    return RocksJournal.open(
        folder.path().resolve("journal"), JournalConfig.DEFAULT, clock, meters);
  }

  private MemoryEngine openEngine(InstantSource clock, SimpleMeterRegistry meters) {
    return MemoryEngine.open(
        MemoryConfig.DEFAULT, journal, folder.path().resolve("index"), null, clock, meters);
  }

  /// Queues a point under its number; waits while too much is on its way.
  void remember(long number, float[] point) throws InterruptedException {
    Episode episode =
        new Episode(
            new MemoryId(Long.toString(number)),
            Instant.now(),
            "",
            Embedding.of(point),
            Confidence.DEFAULT,
            Circumstances.NONE);
    Remember request = new Remember(SPACE, episode, Lane.NORMAL);
    room.acquire();
    while (true) {
      try {
        engine.commit(request, new Counting(room));
        return;
      } catch (ServiceException e) {
        if (e.code() != ErrorCode.OVERLOADED) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // the tail waits for the index
      }
    }
  }

  /// Waits until everything that was queued is acknowledged.
  void awaitAcknowledgements() throws InterruptedException {
    room.acquire(IN_FLIGHT);
    room.release(IN_FLIGHT);
  }

  /// Waits until the index has what it takes in of itself.
  void awaitIndex() {
    long deadline = System.nanoTime() + PATIENCE;
    while (lag() >= MemoryConfig.DEFAULT.indexAfter() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /// The numbers of the ten nearest.
  List<Long> nearest(float[] query) {
    return engine.recall(RecallQuery.near(SPACE, Embedding.of(query))).results().stream()
        .map(recalled -> Long.valueOf(recalled.memory().id().value()))
        .toList();
  }

  /// Commits that only the fresh tail covers.
  long lag() {
    return engine.space(SPACE).map(SpaceInfo::indexLag).orElse(0L);
  }

  /// On disk, journal and index together.
  long bytes() throws IOException {
    return folder.bytes();
  }

  /// Closes the engine and opens it again, until it has answered a recall.
  ///
  /// @return how long the opening took, in nanoseconds
  long reopen(float[] query) {
    engine.close();
    journal.close();
    InstantSource clock = InstantSource.system();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    long begin = System.nanoTime();
    journal = openJournal(clock, meters);
    engine = openEngine(clock, meters);
    nearest(query);
    return System.nanoTime() - begin;
  }

  @Override
  public void close() throws IOException {
    engine.close();
    journal.close();
    folder.close();
  }

  /// Makes room again.
  private record Counting(Semaphore room) implements Commitment {
    @Override
    public void stored(Stored stored) {
      room.release();
    }

    @Override
    public void refused(ServiceException reason) {
      throw new IllegalStateException("The journal refused a point", reason);
    }
  }
}

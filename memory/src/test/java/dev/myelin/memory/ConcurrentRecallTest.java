package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.model.MemoryId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writers and readers at the same time, while chunks move into the index and spaces are closed and
/// opened: every id that was acknowledged before a recall began is in it, once, with a version at
/// least as new as the acknowledged one.
final class ConcurrentRecallTest {
  private static final int WRITERS = 3;
  private static final int WRITES = 600;
  private static final int IDS = 40;
  private static final MemoryConfig CONFIG =
      new MemoryConfig(10, 10, Duration.ofHours(1), 1L << 30, 16, 100, 1_000);

  @TempDir Path folder;

  // The newest acknowledged offset of each id.
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

  @Test
  void nothingAcknowledgedIsMissingOrDoubled() throws InterruptedException, ExecutionException {
    long seed = System.nanoTime();
    AtomicBoolean writing = new AtomicBoolean(true);
    try (EngineFixture fixture = new EngineFixture(folder, CONFIG, null);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        Random random = new Random(seed + writer);
        int number = writer;
        writers.add(threads.submit(() -> write(fixture, number, random)));
      }
      List<Future<?>> others =
          List.of(
              threads.submit(() -> recall(fixture, writing, "seed " + seed)),
              threads.submit(() -> recall(fixture, writing, "seed " + seed)),
              threads.submit(() -> disturb(fixture, writing)));
      for (Future<?> writer : writers) {
        writer.get();
      }
      writing.set(false);
      for (Future<?> other : others) {
        other.get();
      }
      check(fixture, "seed " + seed + ", at the end");
      assertThat(fixture.engine.space(SPACE).orElseThrow().memories())
          .isEqualTo(acknowledged.size());
    }
  }

  private void write(EngineFixture fixture, int writer, Random random) {
    for (int i = 0; i < WRITES; i++) {
      String id = "w" + writer + "-" + random.nextInt(IDS);
      Stored stored =
          fixture.remember(EngineFixture.episode(id, "text", 1f, random.nextFloat(), writer));
      acknowledged.put(id, stored.offset());
      if (random.nextInt(50) == 0) {
        // Nobody else writes this id: between the two it may be seen or not.
        acknowledged.remove(id);
        fixture.engine.forget(SPACE, List.of(new MemoryId(id)), ForgetMode.DELETE);
      }
    }
  }

  private void recall(EngineFixture fixture, AtomicBoolean writing, String where) {
    while (writing.get()) {
      check(fixture, where);
    }
  }

  private void check(EngineFixture fixture, String where) {
    Map<String, Long> before = new HashMap<>(acknowledged);
    Recollection answer =
        fixture.engine.recall(EngineFixture.near(1f, 0.5f, 1f).withMaxResults(1_000));
    Map<String, Long> found = new HashMap<>();
    answer
        .results()
        .forEach(recalled -> {
          Long twice = found.put(recalled.memory().id().value(), recalled.memory().offset());
          assertThat(twice).as(where + ": " + recalled.memory().id()).isNull();
        });
    before.forEach((id, offset) -> {
      // An id whose deletion began meanwhile may be missing.
      if (offset.equals(acknowledged.get(id))) {
        assertThat(found).as(where).containsKey(id);
      }
      assertThat(found.getOrDefault(id, offset))
          .as(where + ": " + id)
          .isGreaterThanOrEqualTo(offset);
    });
  }

  private static void disturb(EngineFixture fixture, AtomicBoolean writing) {
    Random random = new Random();
    while (writing.get()) {
      switch (random.nextInt(4)) {
        case 0 -> fixture.engine.closeSpaces();
        case 1 -> fixture.engine.rebuildIndex(SPACE, RebuildWatch.NONE);
        default -> fixture.engine.settleIndexes();
      }
    }
  }
}

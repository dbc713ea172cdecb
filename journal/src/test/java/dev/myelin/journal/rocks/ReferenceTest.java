package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Change;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.rocks.JournalConfig.BatchBounds;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import dev.myelin.testkit.Seed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// Random transactions of several threads do to the journal what they do to lists and maps: each
/// whole or not at all, in one order, also after it was closed and opened.
final class ReferenceTest {
  private static final int THREADS = 3;
  private static final int TRANSACTIONS = 400;
  private static final List<StreamName> STREAMS =
      List.of(new StreamName("a"), new StreamName("b"), new StreamName("c"));
  private static final List<Table> TABLES = List.of(new Table("t"), new Table("t-1"));

  @TempDir private Path folder;

  /// What the journal must hold; changed on the committer thread only.
  private Model model = new Model();

  /// What listeners were told, per stream.
  private final Map<StreamName, List<String>> told = new ConcurrentHashMap<>();

  private final List<String> appended = new ArrayList<>();

  private RocksJournal open(Random random) {
    JournalConfig config =
        JournalConfig.DEFAULT.withBatch(
            new BatchBounds(1 + random.nextInt(50), 1 + random.nextInt(5_000)));
    return RocksJournal.open(folder, config, new ManualClock(), new SimpleMeterRegistry());
  }

  @RepeatedTest(4)
  void doesWhatListsAndMapsDo() throws InterruptedException {
    Random random = Seed.of("ReferenceTest").random();
    for (int opening = 0; opening < 3; opening++) {
      try (RocksJournal journal = open(random)) {
        assertSame(journal);
        STREAMS.forEach(stream ->
            journal.tail(
                stream,
                record ->
                    told.computeIfAbsent(stream, name -> new ArrayList<>())
                        .add(record.offset() + text(record.payload()))));
        runThreads(journal, random);
        assertSame(journal);
      }
    }
    List<String> all = new ArrayList<>();
    told.values().forEach(all::addAll);
    assertThat(all).containsExactlyInAnyOrderElementsOf(appended);
  }

  private void runThreads(RocksJournal journal, Random random) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Random own = new Random(random.nextLong());
      List<Change> mine = new ArrayList<>();
      for (int i = 0; i < TRANSACTIONS; i++) {
        mine.add(transaction(own.nextLong()));
      }
      changes.addAll(mine);
      List<Lane> lanes = List.of(Lane.values());
      threads.add(
          Thread.ofPlatform()
              .start(() -> mine.forEach(c -> c.submitTo(journal, lanes.get(own.nextInt(3))))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (Change change : changes) {
      ServiceException failure = change.outcome();
      assertThat(failure == null || failure.code() == ErrorCode.NOT_FOUND)
          .as("outcome %s", failure)
          .isTrue();
    }
  }

  /// A transaction that does the same to the batch and to the model, and compares what both answer.
  private Change transaction(long seed) {
    return Change.of(
        (int) (seed & 127),
        batch -> {
          Random random = new Random(seed);
          Model changed = model.copy();
          List<String> appending = new ArrayList<>();
          int steps = random.nextInt(6);
          for (int step = 0; step < steps; step++) {
            step(batch, changed, random, appending);
          }
          if (random.nextInt(8) == 0) {
            throw new ServiceException(ErrorCode.NOT_FOUND, "refused by a test");
          }
          model = changed;
          appended.addAll(appending);
        });
  }

  private static void step(Batch batch, Model model, Random random, List<String> appending) {
    StreamName stream = STREAMS.get(random.nextInt(STREAMS.size()));
    List<@Nullable String> records = model.streams.computeIfAbsent(stream, s -> new ArrayList<>());
    Table table = TABLES.get(random.nextInt(TABLES.size()));
    Map<String, String> pairs = model.pairs(table);
    String key = "" + (char) ('a' + random.nextInt(3)) + (char) ('a' + random.nextInt(3));
    assertThat(batch.lastOffset(stream)).isEqualTo(records.size());
    switch (random.nextInt(20)) {
      case 0 -> {
        batch.delete(stream);
        records.clear();
      }
      case 1, 2, 3 -> {
        if (!records.isEmpty()) {
          int offset = 1 + random.nextInt(records.size());
          batch.erase(stream, offset);
          records.set(offset - 1, null);
        }
      }
      case 4 -> {
        String prefix = key.substring(0, random.nextInt(3));
        batch.deleteAll(table, bytes(prefix));
        pairs.keySet().removeIf(other -> other.startsWith(prefix));
      }
      case 5, 6 -> {
        batch.delete(table, bytes(key));
        pairs.remove(key);
      }
      case 7, 8, 9, 10 -> {
        String value = "v" + random.nextInt(1_000);
        batch.put(table, bytes(key), bytes(value));
        pairs.put(key, value);
      }
      case 11, 12, 13 -> assertThat(text(batch.get(table, bytes(key)))).isEqualTo(pairs.get(key));
      default -> {
        String payload = "p" + random.nextInt() + "x".repeat(random.nextInt(400));
        long offset = batch.append(stream, (byte) 1, bytes(payload));
        records.add(payload);
        assertThat(offset).isEqualTo(records.size());
        appending.add(offset + payload);
      }
    }
  }

  private void assertSame(RocksJournal journal) {
    for (StreamName stream : STREAMS) {
      List<@Nullable String> records = model.streams.getOrDefault(stream, List.of());
      assertThat(journal.end(stream).map(StreamEnd::lastOffset).orElse(0L))
          .isEqualTo(records.size());
      assertThat(payloads(journal, stream)).isEqualTo(records);
    }
    for (Table table : TABLES) {
      Map<String, String> found = new TreeMap<>();
      journal.scan(
          table,
          new byte[0],
          (key, value) -> found.put(new String(key, UTF_8), new String(value, UTF_8)) == null);
      assertThat(found).isEqualTo(model.pairs(table));
    }
  }

  private static List<@Nullable String> payloads(RocksJournal journal, StreamName stream) {
    List<@Nullable String> payloads = new ArrayList<>();
    for (long from = 1; ; ) {
      Page page = journal.read(stream, from, new PageLimit(17, 3_000));
      for (JournalRecord record : page.records()) {
        payloads.add(record.erased() ? null : text(record.payload()));
      }
      if (page.isLast()) {
        return payloads;
      }
      from = page.next();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  /// Lists and maps; null in place of an erased payload.
  private static final class Model {
    private final Map<StreamName, List<@Nullable String>> streams = new HashMap<>();
    private final Map<Table, Map<String, String>> tables = new HashMap<>();

    Map<String, String> pairs(Table table) {
      return tables.computeIfAbsent(table, name -> new TreeMap<>());
    }

    Model copy() {
      Model copy = new Model();
      streams.forEach((stream, records) -> copy.streams.put(stream, new ArrayList<>(records)));
      tables.forEach((table, pairs) -> copy.tables.put(table, new TreeMap<>(pairs)));
      return copy;
    }
  }
}

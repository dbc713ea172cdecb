package dev.myelin.bench.journal;

import dev.myelin.journal.Batch;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The journal alone, on the disk of the temporary folder: what one observation with 768 dimensions
/// costs it. Each append looks for a key that is not there, writes two pairs and one record of 3.3
/// KB.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 4)
public class JournalBenchmark {
  private static final StreamName STREAM = new StreamName("space/bench/default");
  private static final Table IDS = new Table("bench-ids");
  private static final Table FLOORS = new Table("bench-floors");
  private static final int PAYLOAD = 3_300;
  private static final int STORED = 20_000;
  private static final int PAGE = 500;

  /// Records that wait together, and so are synced together.
  @Param({"1", "64", "256"})
  public int batch;

  private final byte[] payload = new byte[PAYLOAD];
  private final Random random = new Random(1);
  private @Nullable Path folder;
  private @Nullable RocksJournal journal;
  private long next;

  @Setup
  public void open() throws IOException, InterruptedException {
    random.nextBytes(payload);
    folder = Files.createTempDirectory("journal-benchmark");
    journal =
        RocksJournal.open(
            folder, JournalConfig.DEFAULT, InstantSource.system(), new SimpleMeterRegistry());
    append(STORED);
  }

  @TearDown
  public void close() throws IOException {
    if (journal != null) {
      journal.close();
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// Batches per second, each submitted at once and waited for.
  @Benchmark
  public void appendBatch() throws InterruptedException {
    append(batch);
  }

  /// Pages of 500 records per second, from random places.
  @Benchmark
  public Page readPage() {
    return opened().read(STREAM, from(), new PageLimit(PAGE, Integer.MAX_VALUE));
  }

  /// Single records per second.
  @Benchmark
  public @Nullable JournalRecord readRecord() {
    return opened().read(STREAM, from());
  }

  /// Look-ups of keys that are not there, per second.
  @Benchmark
  public byte @Nullable [] missKey() {
    return opened().get(IDS, key(random.nextLong(), -1));
  }

  private long from() {
    return 1L + random.nextInt(STORED - PAGE);
  }

  private RocksJournal opened() {
    if (journal == null) {
      throw new IllegalStateException("journal: closed (expected: open)");
    }
    return journal;
  }

  private void append(int count) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      long number = next++;
      byte[] id = key(number * 0x9e3779b97f4a7c15L, number);
      opened().submit(Lane.NORMAL, new Observation(id, payload.clone(), done));
    }
    done.await();
  }

  private static byte[] key(long high, long low) {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  /// The journal's part of one observation.
  @SuppressWarnings("ArrayRecordComponent") // made once, never compared
  private record Observation(byte[] id, byte[] payload, CountDownLatch done)
      implements Transaction {
    @Override
    public int sizeInBytes() {
      return payload.length;
    }

    @Override
    public void run(Batch batch) {
      if (batch.get(IDS, id) != null) {
        throw new IllegalStateException("id: written twice (expected: once)");
      }
      byte[] offset = key(batch.append(STREAM, (byte) 1, payload), 0);
      batch.put(IDS, id, offset);
      batch.put(FLOORS, new byte[] {1}, offset);
    }

    @Override
    public void committed() {
      done.countDown();
    }

    @Override
    public void failed(ServiceException reason) {
      throw reason;
    }
  }
}

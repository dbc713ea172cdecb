package dev.myelin.journal.rocks;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.journal.lane.Lanes;
import dev.myelin.journal.lane.Waiting;
import dev.myelin.journal.rocks.form.StorageFailure;
import dev.myelin.journal.rocks.form.StreamHead;
import dev.myelin.journal.rocks.form.TableKey;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The journal in a folder of this machine, on RocksDB.
///
/// **Threads.** One platform thread commits; it ends with [#close()]. **Durability.** As
/// [JournalConfig#sync()] says. **Memory.** As [JournalConfig#memory()] says, outside the heap, and
/// what waits in the lanes, on it.
public final class RocksJournal implements Journal {
  private final DataFolder folder;
  private final Store store;
  private final Lanes lanes;
  private final Tails tails;
  private final JournalMetrics metrics;
  private final Purger purger;
  private final DurableWriter writer;
  private final Thread committer;

  private RocksJournal(DataFolder folder, Disk disk, Store store, Setting setting) {
    JournalConfig config = setting.config;
    this.folder = folder;
    this.store = store;
    lanes = new Lanes(config::lane);
    tails = new Tails();
    purger = new Purger(store, disk, config.disk());
    writer = new DurableWriter(store, disk, purger, config);
    metrics = new JournalMetrics(setting.meters, lanes);
    Committer.Parts parts = new Committer.Parts(lanes, tails, metrics, config, setting.clock);
    BatchOverlay overlay =
        new BatchOverlay(store, new SecureRandom(), writer.state().nextStreamId());
    committer =
        Thread.ofPlatform()
            .name("journal-committer")
            .unstarted(new Committer(parts, overlay, writer));
  }

  /// Loads the engine's library, if it is not loaded yet, which takes a while. Opening does it too.
  public static void loadLibrary() {
    Database.load();
  }

  /// Opens the journal of a folder, or makes a new one if the folder is absent or empty.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if the folder is damaged, of a newer version, not a
  ///   journal, or held by another process; STORAGE_UNAVAILABLE if the disk fails
  public static RocksJournal open(
      Path folder, JournalConfig config, InstantSource clock, MeterRegistry meters) {
    return open(folder, new Setting(config, clock, meters), disk -> disk);
  }

  /// Opens with a disk that a test put in.
  static RocksJournal open(Path path, Setting setting, UnaryOperator<Disk> replacement) {
    DataFolder folder = DataFolder.open(path);
    Store store = null;
    try {
      Disk disk = replacement.apply(folder.disk(setting.config.memory()));
      store = new Store(folder.database(disk));
      RocksJournal journal = new RocksJournal(folder, disk, store, setting);
      journal.start();
      return journal;
    } catch (RuntimeException e) {
      if (store != null) {
        store.close();
      }
      folder.close();
      throw e;
    }
  }

  private void start() {
    committer.start();
    purger.start();
    if (writer.state().erasing() > 0) {
      purger.erased(writer.state().erasing());
    }
  }

  @Override
  public void submit(Lane lane, Transaction transaction) {
    switch (lanes.offer(lane, Waiting.of(transaction))) {
      case ADMITTED -> {}
      case FULL ->
          throw new ServiceException(
              ErrorCode.OVERLOADED,
              "The server cannot store that fast; nothing was stored. Slow down and try again.",
              Duration.ofMillis(100));
      case REFUSED -> throw Objects.requireNonNullElseGet(writer.trouble(), this::recovering);
      case CLOSED -> throw StorageFailure.closed();
    }
  }

  /// Said in the moment between a success and the lanes' learning of it.
  private ServiceException recovering() {
    return new ServiceException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The server's disk failed, and works again; nothing was stored. Try again now.",
        Duration.ofMillis(1));
  }

  @Override
  public LaneLoad load(Lane lane) {
    return lanes.load(lane);
  }

  @Override
  public Optional<StreamEnd> end(StreamName stream) {
    return store
        .head(stream)
        .map(head -> new StreamEnd(epoch(folder.incarnation(), head), head.lastOffset()));
  }

  private static String epoch(long incarnation, StreamHead head) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(incarnation) + hex.toHexDigits(head.nonce());
  }

  @Override
  public Page read(StreamName stream, long from, PageLimit limit) {
    if (from < 1) {
      throw new IllegalArgumentException("from: " + from + " (expected: 1 or more)");
    }
    return store.page(stream, from, limit);
  }

  @Override
  public @Nullable JournalRecord read(StreamName stream, long offset) {
    return store.record(stream, offset);
  }

  @Override
  public Subscription tail(StreamName stream, TailListener listener) {
    return tails.subscribe(stream, listener);
  }

  @Override
  public Subscription afterBatches(Runnable task) {
    return tails.afterBatches(task);
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    return store.value(TableKey.stored(table, key));
  }

  @Override
  public void scan(Table table, byte[] prefix, byte[] from, PairVisitor visitor) {
    store.scan(table, prefix, from, visitor);
  }

  @Override
  public void backup(Path target) {
    store.read(open -> {
      DataFolder.copy(open, target);
      return null;
    });
  }

  @Override
  public void close() {
    lanes.close();
    Threads.join(committer);
    purger.close();
    store.close();
    metrics.close();
    folder.close();
  }

  /// What an engine is opened with.
  record Setting(JournalConfig config, InstantSource clock, MeterRegistry meters) {}
}

package dev.myelin.journal.rocks;

import dev.myelin.journal.Batch;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.journal.rocks.form.RecordCodec;
import dev.myelin.journal.rocks.form.StorageFailure;
import dev.myelin.journal.rocks.form.StreamHead;
import dev.myelin.journal.rocks.form.TableKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The batch under way, as its transactions see it: the changes of the running transaction, over
/// those of earlier ones, over what is stored. Used by the committer thread only.
final class BatchOverlay implements Batch {
  private final Store store;
  private final SecureRandom nonces;
  private final Changes batch = new Changes();
  private final Changes own = new Changes();
  private Instant time = Instant.EPOCH;
  private long nextStreamId;
  private boolean running;

  BatchOverlay(Store store, SecureRandom nonces, long nextStreamId) {
    this.store = store;
    this.nonces = nonces;
    this.nextStreamId = nextStreamId;
  }

  /// Forgets all changes and begins a new batch.
  void begin(Instant time) {
    batch.clear();
    this.time = time;
  }

  /// Runs a transaction; if it throws, its changes are undone and the exception passed on.
  void run(Transaction transaction) {
    own.clear();
    running = true;
    try {
      transaction.run(this);
    } finally {
      running = false;
    }
    batch.add(own);
  }

  /// What the transactions that did not throw changed.
  Changes changes() {
    return batch;
  }

  long nextStreamId() {
    return nextStreamId;
  }

  @Override
  public Instant time() {
    return time;
  }

  @Override
  public long append(StreamName stream, byte kind, byte[] payload) {
    StreamHead head =
        head(stream).orElseGet(() -> new StreamHead(nextStreamId++, nonces.nextLong(), 0));
    long offset = head.lastOffset() + 1;
    JournalRecord record = new JournalRecord(offset, kind, time, payload, false);
    own.appended().add(new Changes.Entry(stream, RecordCodec.key(head.id(), offset), record));
    own.heads().put(stream, Optional.of(head.at(offset)));
    return offset;
  }

  @Override
  public long lastOffset(StreamName stream) {
    return head(stream).map(StreamHead::lastOffset).orElse(0L);
  }

  @Override
  public void erase(StreamName stream, long offset) {
    StreamHead head =
        head(stream)
            .filter(known -> offset >= 1 && offset <= known.lastOffset())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "offset: " + offset + " of " + stream.path() + " (expected: written)"));
    Changes.Entry entry = entry(stream, head.id(), offset);
    if (!entry.record().erased()) {
      own.erased().add(new Changes.Entry(stream, entry.key(), RecordCodec.erased(entry.record())));
    }
  }

  private Changes.Entry entry(StreamName stream, long streamId, long offset) {
    Changes.Entry entry = own.entry(streamId, offset);
    if (entry == null) {
      entry = batch.entry(streamId, offset);
    }
    if (entry == null) {
      byte[] key = RecordCodec.key(streamId, offset);
      JournalRecord record = store.record(stream, key);
      if (record == null) {
        throw StorageFailure.damagedRecord(stream, offset, "it is missing");
      }
      entry = new Changes.Entry(stream, key, record);
    }
    return entry;
  }

  @Override
  public void delete(StreamName stream) {
    head(stream)
        .ifPresent(head -> {
          own.droppedStreams().add(head.id());
          own.heads().put(stream, Optional.empty());
        });
  }

  private Optional<StreamHead> head(StreamName stream) {
    requireRunning();
    Optional<StreamHead> head = own.heads().get(stream);
    if (head == null) {
      head = batch.heads().get(stream);
    }
    return head != null ? head : store.head(stream);
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    requireRunning();
    TableKey wanted = TableKey.of(table, key);
    Changes.Pair pair = own.pair(wanted);
    if (pair == null) {
      pair = batch.pair(wanted);
    }
    return pair != null ? pair.value() : store.value(wanted.bytes());
  }

  @Override
  public void put(Table table, byte[] key, byte[] value) {
    requireRunning();
    own.pairs().put(TableKey.of(table, key), new Changes.Pair(value));
  }

  @Override
  public void delete(Table table, byte[] key) {
    requireRunning();
    own.pairs().put(TableKey.of(table, key), new Changes.Pair(null));
  }

  @Override
  public void deleteAll(Table table, byte[] prefix) {
    requireRunning();
    own.dropPrefix(TableKey.of(table, prefix));
  }

  private void requireRunning() {
    if (!running) {
      throw new IllegalStateException(
          "batch: used after its transaction ran (expected: only inside Transaction.run)");
    }
  }
}

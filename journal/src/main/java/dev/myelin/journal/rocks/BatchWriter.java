package dev.myelin.journal.rocks;

import dev.myelin.journal.rocks.JournalConfig.SyncMode;
import dev.myelin.journal.rocks.form.RecordCodec;
import dev.myelin.journal.rocks.form.StoreState;
import dev.myelin.journal.rocks.form.StreamHead;
import dev.myelin.journal.rocks.form.TableKey;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Turns changes into one atomic write. Used by the committer thread only.
///
/// Each write also stores its own number, so that after a failure the database itself can say
/// whether the write is in it.
final class BatchWriter implements AutoCloseable {
  /// Where the journal's own numbers are.
  static final byte[] STATE_KEY = {'s'};

  private static final int SMALLEST_BUFFER = 64 * 1024;

  private final WriteOptions options;
  private final WriteBatch batch = new WriteBatch();
  private final ByteBuffer key = ByteBuffer.allocateDirect(RecordCodec.KEY_LENGTH);
  private ByteBuffer value = ByteBuffer.allocateDirect(SMALLEST_BUFFER);

  BatchWriter(SyncMode sync) {
    options = new WriteOptions().setSync(sync == SyncMode.SYNC);
  }

  WriteOptions options() {
    return options;
  }

  /// What was prepared.
  WriteBatch batch() {
    return batch;
  }

  /// Prepares the write; what was prepared before is forgotten.
  void prepare(Database open, Changes changes, StoreState state) throws RocksDBException {
    batch.clear();
    putRecords(open.records(), changes.appended());
    putRecords(open.records(), changes.erased());
    for (long id : changes.droppedStreams()) {
      batch.deleteRange(open.records(), RecordCodec.key(id, 0), RecordCodec.key(id + 1, 0));
    }
    for (TableKey prefix : changes.droppedPrefixes()) {
      batch.deleteRange(open.tables(), prefix.bytes(), prefix.after());
    }
    for (var pair : changes.pairs().entrySet()) {
      put(open.tables(), pair.getKey().bytes(), pair.getValue().value());
    }
    for (var head : changes.heads().entrySet()) {
      byte[] row = head.getValue().map(StreamHead::encode).orElse(null);
      put(open.streams(), Store.streamKey(head.getKey()), row);
    }
    batch.put(open.meta(), STATE_KEY, state.encode());
  }

  private void put(ColumnFamilyHandle family, byte[] key, byte @Nullable [] value)
      throws RocksDBException {
    if (value == null) {
      batch.delete(family, key);
    } else {
      batch.put(family, key, value);
    }
  }

  private void putRecords(ColumnFamilyHandle family, List<Changes.Entry> entries)
      throws RocksDBException {
    for (Changes.Entry entry : entries) {
      int length = RecordCodec.HEADER_LENGTH + entry.record().payload().length;
      if (value.capacity() < length) {
        value = ByteBuffer.allocateDirect(Integer.highestOneBit(length) * 2);
      }
      RecordCodec.encode(value.clear(), entry.key(), entry.record());
      batch.put(family, key.clear().put(entry.key()).flip(), value.flip());
    }
  }

  long preparedBytes() {
    return batch.getDataSize();
  }

  @Override
  public void close() {
    batch.close();
    options.close();
  }
}

package dev.myelin.journal.rocks;

import dev.myelin.journal.Journal.PairVisitor;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Page;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.rocks.form.RecordCodec;
import dev.myelin.journal.rocks.form.StorageFailure;
import dev.myelin.journal.rocks.form.StoreState;
import dev.myelin.journal.rocks.form.StreamHead;
import dev.myelin.journal.rocks.form.TableKey;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/// What is stored, for readers: any thread reads; the database behind is changed for another only
/// by the committer thread, while nobody reads.
final class Store {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private @Nullable Database database;
  private boolean closed;

  Store(Database database) {
    this.database = database;
  }

  /// The journal's own numbers.
  StoreState state() {
    return read(open -> StoreState.decode(open.db().get(open.meta(), BatchWriter.STATE_KEY)));
  }

  Optional<StreamHead> head(StreamName stream) {
    return read(open -> head(open, stream, null));
  }

  private static Optional<StreamHead> head(
      Database open, StreamName stream, @Nullable ReadOptions options) throws RocksDBException {
    byte[] key = streamKey(stream);
    byte[] row =
        options == null
            ? open.db().get(open.streams(), key)
            : open.db().get(open.streams(), options, key);
    return row == null ? Optional.empty() : Optional.of(StreamHead.decode(row));
  }

  static byte[] streamKey(StreamName stream) {
    return stream.path().getBytes(StandardCharsets.UTF_8);
  }

  /// The record at a key, or null.
  @Nullable JournalRecord record(StreamName stream, byte[] key) {
    byte[] value = read(open -> open.db().get(open.records(), key));
    return value == null ? null : RecordCodec.decode(stream, key, value);
  }

  @Nullable JournalRecord record(StreamName stream, long offset) {
    Optional<StreamHead> head = head(stream);
    if (head.isEmpty() || offset < 1 || offset > head.get().lastOffset()) {
      return null;
    }
    JournalRecord record = record(stream, RecordCodec.key(head.get().id(), offset));
    if (record == null && head.equals(head(stream))) {
      throw StorageFailure.damagedRecord(stream, offset, "it is missing");
    }
    return record;
  }

  Page page(StreamName stream, long from, PageLimit limit) {
    return read(open -> {
      Snapshot snapshot = open.db().getSnapshot();
      try (snapshot;
          ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
        Optional<StreamHead> head = head(open, stream, options);
        long last = head.map(StreamHead::lastOffset).orElse(0L);
        if (from > last) {
          return new Page(List.of(), from, last);
        }
        try (RocksIterator records = open.db().newIterator(open.records(), options)) {
          return page(new Position(stream, head.orElseThrow(), from), records, limit);
        }
      } finally {
        open.db().releaseSnapshot(snapshot);
      }
    });
  }

  private static Page page(Position position, RocksIterator records, PageLimit limit)
      throws RocksDBException {
    List<JournalRecord> page = new ArrayList<>();
    long offset = position.from;
    long last = position.head.lastOffset();
    long bytes = 0;
    records.seek(RecordCodec.key(position.head.id(), offset));
    while (offset <= last && page.size() < limit.maxRecords()) {
      JournalRecord record;
      try {
        record = recordAt(position, offset, records);
      } catch (ServiceException | RocksDBException damaged) {
        if (page.isEmpty()) {
          throw damaged;
        }
        break; // what is whole is handed out; whoever goes on from here meets the damage first
      }
      bytes += record.payload().length;
      if (bytes > limit.maxBytes() && !page.isEmpty()) {
        break;
      }
      page.add(record);
      offset++;
      if (offset <= last) {
        records.next();
      }
    }
    return new Page(page, offset, last);
  }

  private static JournalRecord recordAt(Position position, long offset, RocksIterator records)
      throws RocksDBException {
    records.status();
    byte[] key = RecordCodec.key(position.head.id(), offset);
    if (!records.isValid() || !Arrays.equals(records.key(), key)) {
      throw StorageFailure.damagedRecord(position.stream, offset, "it is missing");
    }
    return RecordCodec.decode(position.stream, key, records.value());
  }

  byte @Nullable [] value(byte[] storedKey) {
    return read(open -> open.db().get(open.tables(), storedKey));
  }

  void scan(Table table, byte[] prefix, byte[] from, PairVisitor visitor) {
    TableKey start = TableKey.of(table, prefix);
    byte[] first = Arrays.compareUnsigned(from, prefix) > 0 ? from : prefix;
    read(open -> {
      try (RocksIterator pairs = open.db().newIterator(open.tables())) {
        pairs.seek(TableKey.of(table, first).bytes());
        while (pairs.isValid()
            && startsWith(pairs.key(), start.bytes())
            && visitor.visit(TableKey.unstored(table, pairs.key()), pairs.value())) {
          pairs.next();
        }
        pairs.status();
        return null;
      }
    });
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// Waits for those who read, closes the database, and opens another in its place.
  ///
  /// @throws RocksDBException if that fails: nothing can be read until it is tried again
  void reopen(Opening opening) throws RocksDBException {
    lock.writeLock().lock();
    try {
      closeDatabase();
      database = opening.open();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Lets nobody read any more, waits for those who do, and closes the database.
  void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      closeDatabase();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeDatabase() {
    if (database != null) {
      database.close();
      database = null;
    }
  }

  /// Ends a compaction early.
  void stopCompaction() {
    lock.readLock().lock();
    try {
      if (database != null) {
        database.stopCompaction();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Whether the database is open; it may not be, after the disk failed.
  boolean isReadable() {
    lock.readLock().lock();
    try {
      return database != null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Runs a read on the database of the moment.
  <T extends @Nullable Object> T read(Reading<T> reading) {
    lock.readLock().lock();
    try {
      Database open = database;
      if (open == null) {
        throw closed ? StorageFailure.closed() : StorageFailure.unreadable();
      }
      return reading.from(open);
    } catch (RocksDBException e) {
      throw StorageFailure.whileReading(e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Writes to the database of the moment; the committer thread only.
  void write(Writing writing) throws RocksDBException {
    lock.readLock().lock();
    try {
      if (database == null) {
        throw StorageFailure.unreadable();
      }
      writing.to(database);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Opens a database.
  @FunctionalInterface
  interface Opening {
    Database open() throws RocksDBException;
  }

  /// A write.
  @FunctionalInterface
  interface Writing {
    void to(Database open) throws RocksDBException;
  }

  /// A read.
  @FunctionalInterface
  interface Reading<T extends @Nullable Object> {
    T from(Database open) throws RocksDBException;
  }

  private record Position(StreamName stream, StreamHead head, long from) {}
}

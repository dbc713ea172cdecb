package dev.myelin.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a running [Transaction] reads and changes. Reads see all earlier transactions and its own
/// changes. Valid only while it runs. Takes over the arrays it is given.
public interface Batch {

  /// The commit time of all of this batch.
  Instant time();

  /// Appends a record and returns its offset; the stream begins with its first record.
  long append(StreamName stream, byte kind, byte[] payload);

  /// Where the stream ends as this transaction sees it, 0 if it does not exist.
  long lastOffset(StreamName stream);

  /// Replaces a record's payload by nothing, for good; offset, kind and time stay.
  void erase(StreamName stream, long offset);

  /// Removes a stream and its records; a later append starts a new epoch at offset 1.
  void delete(StreamName stream);

  byte @Nullable [] get(Table table, byte[] key);

  void put(Table table, byte[] key, byte[] value);

  void delete(Table table, byte[] key);

  /// Removes every pair whose key starts with the prefix.
  void deleteAll(Table table, byte[] prefix);
}

package dev.myelin.journal;

import dev.myelin.model.ServiceException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ordered, durable log of many streams with keyed tables beside them, changed together.
///
/// **Writing.** Everything is written by a [Transaction]. One committer thread takes all that are
/// waiting, runs them one after the other, writes their changes as one atomic batch, syncs once,
/// and then tells each of them, in order. A transaction therefore sees all earlier ones, and two
/// never interleave. **Order.** Offsets of a stream are dense and grow by one, from 1. **Reading.**
/// Any thread; sees what was synced, never more.
///
/// **Failures.** When the disk is full or fails, transactions are refused with STORAGE_UNAVAILABLE,
/// reads go on, and writing recovers by itself when the disk does.
public interface Journal extends AutoCloseable {

  /// Queues a transaction in a lane; never blocks, any thread.
  ///
  /// Lanes have strict priority and are first-in first-out inside; after 1 000 transactions from
  /// higher lanes one from the lowest waiting lane goes.
  ///
  /// @throws ServiceException OVERLOADED if the lane is full, SHUTTING_DOWN after [#close()],
  ///   STORAGE_UNAVAILABLE while the disk fails: the transaction was not queued and will not be
  ///   told
  void submit(Lane lane, Transaction transaction);

  /// How full a lane is now; cheap enough to ask per request.
  LaneLoad load(Lane lane);

  /// Where a stream ends, or empty if nothing was ever appended to it (or it was deleted).
  Optional<StreamEnd> end(StreamName stream);

  /// Reads records in order of offset, checksums verified; erased records come with an empty
  /// payload.
  ///
  /// @param from the first offset wanted; one past the end gives an empty page
  /// @throws ServiceException STORAGE_UNUSABLE if a checksum does not match
  Page read(StreamName stream, long from, PageLimit limit);

  /// One record, or null if that offset was never written.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if its checksum does not match
  @Nullable JournalRecord read(StreamName stream, long offset);

  /// Tells a listener of every record committed to the stream from now on, in order, on the
  /// committer thread after the sync: it must be quick and must not throw.
  ///
  /// @return closes the subscription
  Subscription tail(StreamName stream, TailListener listener);

  /// Runs a task each time all transactions of a batch were told, on the committer thread: what
  /// they gathered can then be passed on at once. It must be quick and must not throw.
  ///
  /// @return closes the subscription
  Subscription afterBatches(Runnable task);

  /// The value of a key, or null.
  byte @Nullable [] get(Table table, byte[] key);

  /// Visits the pairs whose key starts with a prefix, in order of key, until the visitor returns
  /// false; what is seen is one point in time.
  default void scan(Table table, byte[] prefix, PairVisitor visitor) {
    scan(table, prefix, prefix, visitor);
  }

  /// As [#scan(Table, byte[], PairVisitor)], from a key on.
  ///
  /// @param from the first key wanted, whether it is there or not
  void scan(Table table, byte[] prefix, byte[] from, PairVisitor visitor);

  /// Writes a complete copy that can be opened as a data folder, while serving. An opened copy has
  /// new epochs: it may part from its original.
  ///
  /// @param folder absent or empty
  /// @throws ServiceException INVALID_REQUEST if the folder is not empty, STORAGE_UNAVAILABLE if it
  ///   cannot be written
  void backup(Path folder);

  /// Settles what was queued, then closes. Waits.
  @Override
  void close();

  /// Ends a tailing.
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /// Receives committed records.
  @FunctionalInterface
  interface TailListener {
    void committed(JournalRecord record);
  }

  /// Receives pairs of a table.
  @FunctionalInterface
  interface PairVisitor {
    /// Returns whether to go on.
    boolean visit(byte[] key, byte[] value);
  }
}

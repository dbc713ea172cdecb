package dev.myelin.memory.index;

/// The searchable form of a space's older records. Derived: it can be thrown away and made again
/// from the journal at any time.
///
/// **Writing.** One thread at a time. **Reading.** Any thread, through snapshots; a reader never
/// waits for the writer.
public interface MemoryIndex extends AutoCloseable {

  /// The offset up to which the newest snapshot has everything.
  long covered();

  /// Applies what follows [#covered()], and makes it visible to snapshots taken from now on. It is
  /// not durable before [#commit()].
  ///
  /// @throws IndexFailure if it cannot be written: nothing became visible
  void apply(IndexBatch batch);

  /// Makes everything applied durable.
  ///
  /// @throws IndexFailure if it cannot be written
  void commit();

  /// Merges all parts into one, without what was removed. Any thread; blocks long. What is shown
  /// stays the same; snapshots use the result from the next batch on.
  ///
  /// @return how many dead entries went
  /// @throws IndexFailure if it cannot be written, or the index is closed
  long compact();

  /// The newest snapshot; the caller closes it.
  ///
  /// @throws IllegalStateException if the index is closed
  IndexSnapshot snapshot();

  /// Lets go of everything. What was not committed is forgotten, and replayed at the next opening.
  @Override
  void close();
}

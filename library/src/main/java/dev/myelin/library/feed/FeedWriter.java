package dev.myelin.library.feed;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Table;
import dev.myelin.library.event.Cause;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Changes libraries: each change and its events are one atomic write.
public final class FeedWriter {
  private final Journal journal;
  private final MemoryEngine memories;
  private final FeedHub hub;

  FeedWriter(Journal journal, MemoryEngine memories, FeedHub hub) {
    this.journal = journal;
    this.memories = memories;
    this.hub = hub;
  }

  /// Queues a change; never blocks. It completes, on the committer thread, when the change is
  /// durable, visible, and handed to those who listen.
  ///
  /// @param sizeInBytes what it holds in memory while it waits
  /// @throws ServiceException OVERLOADED, SHUTTING_DOWN, STORAGE_UNAVAILABLE, TOO_MANY_SPACES:
  ///   nothing was queued
  public <T> CompletableFuture<T> submit(
      SpaceId library, int sizeInBytes, FeedChange<T> change, Cause cause) {
    FeedWork<T> work = new FeedWork<>(library, sizeInBytes, change, cause, hub);
    try {
      memories.write(library, Lane.NORMAL, work);
    } catch (ServiceException e) {
      throw e.code() == ErrorCode.NOT_FOUND ? ChangeFeed.unknown(library) : e;
    }
    return work.done();
  }

  /// Makes a change and waits for it.
  ///
  /// @throws ServiceException what refused it
  public <T> T write(SpaceId library, int sizeInBytes, FeedChange<T> change, Cause cause) {
    return await(submit(library, sizeInBytes, change, cause));
  }

  /// Deletes rows that belong to no library any more, and waits for it.
  public void clean(Table table, List<byte[]> keys) {
    Cleaning cleaning = new Cleaning(table, keys);
    journal.submit(Lane.LOW, cleaning);
    var _ = await(cleaning.done());
  }

  /// Waits for a change.
  ///
  /// @throws ServiceException what refused it
  public static <T> T await(CompletableFuture<T> change) {
    try {
      return change.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }
}

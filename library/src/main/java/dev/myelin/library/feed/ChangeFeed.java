package dev.myelin.library.feed;

import dev.myelin.journal.Journal;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.event.Tombstone;
import dev.myelin.library.store.LibraryTables;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.Subscription;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.space.SpaceTables;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The changes of all libraries, each in one order, kept in the journal.
///
/// **List, then follow.** Who takes [#end(SpaceId)], then reads a library, then follows the feed
/// from that offset on, misses nothing. **Cursors.** A cursor is an offset up to which everything
/// was seen; 0 means from the oldest that is kept.
public final class ChangeFeed implements AutoCloseable {
  private final MemoryEngine memories;
  private final Journal journal;
  private final FeedReader reader;
  private final FeedHub hub;
  private final FeedWriter writer;
  private final Retention retention;

  private ChangeFeed(
      FeedConfig config,
      Journal journal,
      MemoryEngine memories,
      Broker broker,
      InstantSource clock) {
    this.memories = memories;
    this.journal = journal;
    reader = new FeedReader(journal);
    hub = new FeedHub(config, memories, broker);
    writer = new FeedWriter(journal, memories, hub);
    retention = new Retention(config, journal, writer, clock);
  }

  /// Opens the feed of a journal.
  ///
  /// @param broker carries the events to those who listen; not closed with the feed
  public static ChangeFeed open(
      FeedConfig config,
      Journal journal,
      MemoryEngine memories,
      Broker broker,
      InstantSource clock) {
    return new ChangeFeed(config, journal, memories, broker, clock);
  }

  /// Says that there is no such library.
  public static ServiceException unknown(SpaceId library) {
    return new ServiceException(
        ErrorCode.LIBRARY_NOT_FOUND,
        "Library "
            + library
            + " does not exist. Create it first, or list the libraries there are.");
  }

  /// The events after a cursor. Blocks.
  ///
  /// @param types the wanted ones; empty for all that need not be asked for by name
  /// @throws ServiceException LIBRARY_NOT_FOUND; GONE if the cursor is older than what is kept, or
  ///   past the end
  public FeedPage read(SpaceId library, long since, int limit, Set<String> types) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 or more)");
    }
    return reader.read(library, since, limit, types);
  }

  /// The offset up to which the library's changes are committed and visible, 0 if there is none;
  /// never within a change.
  public long end(SpaceId library) {
    long visible = memories.visibleEnd(library);
    LibraryEvent next = reader.firstAfter(library, visible);
    return next == null ? visible : Math.min(visible, ChunkEvents.start(next));
  }

  /// The offset of the newest change that is durable, visible or about to be. Blocks.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND
  public long durableEnd(SpaceId library) {
    if (!reader.exists(library)) {
      throw unknown(library);
    }
    return reader.durableEnd(library);
  }

  /// The lowest cursor that is not GONE, other than 0.
  public long oldest(SpaceId library) {
    return reader.state(library).floor();
  }

  /// Tells a listener of every event of a library from now on that need not be asked for.
  ///
  /// @throws ServiceException LIBRARY_NOT_FOUND
  public Subscription subscribe(SpaceId library, FeedListener listener) {
    return subscribe(library, Set.of(), listener);
  }

  /// Tells a listener of events of a library from now on.
  ///
  /// @param types the wanted ones; empty for all that need not be asked for by name
  /// @throws ServiceException LIBRARY_NOT_FOUND
  public Subscription subscribe(SpaceId library, Set<String> types, FeedListener listener) {
    if (!reader.exists(library)) {
      throw unknown(library);
    }
    return hub.subscribe(library, Set.copyOf(types), reader.durableEnd(library), listener);
  }

  /// Counts one who hears a library's channel of the broker itself, until that is closed.
  ///
  /// @param types the wanted ones: where `memory.added` is one of them, it is told on the channel
  public Subscription attend(SpaceId library, Set<String> types) {
    return hub.attend(library, Set.copyOf(types));
  }

  /// Tells a listener of every event of every library of a tenant that need not be asked for; null
  /// for every tenant. It may hear of what was committed just before.
  public Subscription subscribeAll(@Nullable String tenant, FeedListener listener) {
    return hub.subscribeAll(tenant, listener);
  }

  /// Follows a library from a cursor on.
  ///
  /// @param types the wanted ones; empty for all that need not be asked for by name
  /// @throws ServiceException LIBRARY_NOT_FOUND; GONE if the cursor is older than what is kept, or
  ///   past the end
  public FeedFollower follow(SpaceId library, long since, Set<String> types) {
    reader.read(library, since, 1, types);
    return new JournalFollower(library, since, types, reader, hub);
  }

  /// The last events of libraries that were deleted lately, of one tenant or, if null, of all.
  public List<LibraryEvent> deletions(@Nullable String tenant) {
    byte[] prefix = tenant == null ? new byte[0] : SpaceTables.tenantKey(tenant);
    List<LibraryEvent> events = new ArrayList<>();
    journal.scan(
        LibraryTables.DELETED, prefix, (key, value) -> events.add(Tombstone.decode(key, value)));
    return events;
  }

  /// Commits an event that goes with no other change, such as of a job. Blocks.
  ///
  /// @return its offset
  /// @throws ServiceException LIBRARY_NOT_FOUND, OVERLOADED, STORAGE_UNAVAILABLE
  public long publish(
      SpaceId library, String type, Map<String, @Nullable Object> data, Cause cause) {
    if (!reader.exists(library)) {
      throw unknown(library);
    }
    return writer.write(
        library,
        1_024,
        batch -> {
          batch.requireLibrary();
          return batch.event(type, data);
        },
        cause);
  }

  /// What changes libraries together with their events.
  public FeedWriter writer() {
    return writer;
  }

  /// Lets go of events that are older, or more, than are kept. Blocks.
  public void trim() {
    retention.trimAll();
  }

  public FeedStats stats() {
    return hub.stats();
  }

  @Override
  public void close() {
    hub.close();
  }
}

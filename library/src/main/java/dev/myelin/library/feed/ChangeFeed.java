package dev.myelin.library.feed;

import dev.myelin.model.SpaceId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The changes of all libraries, each in one order, kept in the journal.
///
/// **List, then follow.** Who reads a library, remembers [#end(SpaceId)] from before, and reads the
/// feed from there on, misses nothing. **Cursors.** A cursor is the offset of the last event seen;
/// 0 means from the oldest that is kept.
@SuppressWarnings("DoNotCallSuggester")
public final class ChangeFeed {

  ChangeFeed() {}

  /// The events after a cursor. Blocks.
  ///
  /// @param types the wanted ones; empty for all but `memory.added`
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND; GONE if the cursor is older than
  ///   what is kept, or past the end
  public FeedPage read(SpaceId library, long since, int limit, Set<String> types) {
    throw new UnsupportedOperationException();
  }

  /// The offset up to which the library's changes are committed and visible, 0 if there is none.
  public long end(SpaceId library) {
    throw new UnsupportedOperationException();
  }

  /// Where the oldest kept events begin: the lowest cursor that is not GONE, other than 0.
  public long oldest(SpaceId library) {
    throw new UnsupportedOperationException();
  }

  /// Tells a listener of every event of a library from now on, but not of `memory.added`.
  public Subscription subscribe(SpaceId library, FeedListener listener) {
    throw new UnsupportedOperationException();
  }

  /// Tells a listener of events of a library from now on.
  ///
  /// @param types the wanted ones; empty for all but `memory.added`
  public Subscription subscribe(SpaceId library, Set<String> types, FeedListener listener) {
    throw new UnsupportedOperationException();
  }

  /// Tells a listener of every event of every library of a tenant, but not of `memory.added`; null
  /// for every tenant.
  public Subscription subscribeAll(@Nullable String tenant, FeedListener listener) {
    throw new UnsupportedOperationException();
  }

  /// Follows a library from a cursor on.
  ///
  /// @throws dev.myelin.model.ServiceException as [#read(SpaceId, long, int, Set)]
  public FeedFollower follow(SpaceId library, long since, Set<String> types) {
    throw new UnsupportedOperationException();
  }

  /// Commits an event that goes with no other change, such as of a job. Blocks.
  ///
  /// @return its offset
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, OVERLOADED, STORAGE_UNAVAILABLE
  public long publish(
      SpaceId library, String type, Map<String, @Nullable Object> data, Cause cause) {
    throw new UnsupportedOperationException();
  }

  public FeedStats stats() {
    throw new UnsupportedOperationException();
  }
}

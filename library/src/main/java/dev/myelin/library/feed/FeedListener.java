package dev.myelin.library.feed;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.LibraryEvent;

/// Hears of a library's changes, on a thread of the broker: must be quick and must not throw.
public interface FeedListener {

  /// Something changed; told in order of offset. Compare [LibraryEvent#previous()] with the offset
  /// last seen to know whether one was missed.
  void event(LibraryEvent event, Cause cause);

  /// Something was left out: what happened until now is to be read.
  default void missed() {}

  /// The library is gone, after its last event: nothing more will come.
  default void libraryDeleted() {}
}

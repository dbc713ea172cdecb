package dev.myelin.library.feed;

import dev.myelin.library.event.LibraryEvent;
import dev.myelin.live.broker.Subscription;
import java.time.Duration;
import java.util.List;

/// Reads a feed from a cursor on and goes on with what happens: no gap, no repeat, nothing piled
/// up. For one reader, on a virtual thread.
public interface FeedFollower extends Subscription {

  /// The next events, at most so many; waits for the first one and gives an empty list if none
  /// comes in time.
  ///
  /// @throws dev.myelin.model.ServiceException GONE if the cursor has fallen behind what is kept;
  ///   LIBRARY_NOT_FOUND after the library's last event, once it is deleted
  List<LibraryEvent> take(int max, Duration timeout) throws InterruptedException;

  /// The offset up to which everything was taken.
  long cursor();
}

package dev.myelin.edge.library.socket;

import dev.myelin.edge.library.EventFilter;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedListener;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All sockets of one library. Hears its events on the feed's thread; sockets come and go on their
/// event loops, which also own the sets of them.
final class LibraryRoom implements FeedListener {
  private final SpaceId library;
  private final ChangeFeed feed;
  private final Map<LoopMailbox, Set<LibrarySocket>> sockets = new ConcurrentHashMap<>();
  private volatile long last;

  // Guarded by this.
  private @Nullable Subscription subscription;
  private boolean memories;

  LibraryRoom(SpaceId library, ChangeFeed feed) {
    this.library = library;
    this.feed = feed;
  }

  SpaceId library() {
    return library;
  }

  synchronized void open() {
    if (subscription == null) {
      subscription = feed.subscribe(library, this);
    }
  }

  synchronized void close() {
    if (subscription != null) {
      subscription.close();
    }
  }

  /// From now on streamed memories come too, in their place among the others.
  synchronized void hearMemories() {
    if (!memories && subscription != null) {
      memories = true;
      Subscription before = subscription;
      // Both for a moment: what comes twice is known by its offset.
      subscription = feed.subscribe(library, EventFilter.EVERYTHING.types(), this);
      before.close();
    }
  }

  @Override
  public void event(LibraryEvent event, Cause cause) {
    if (event.offset() <= last) {
      return;
    }
    last = event.offset();
    post(EncodedEvent.of(event, cause));
  }

  private void post(EncodedEvent event) {
    for (LoopMailbox loop : sockets.keySet()) {
      loop.post(this, event);
    }
  }

  @Override
  public void libraryDeleted() {
    for (LoopMailbox loop : sockets.keySet()) {
      loop.post(this, null);
    }
  }

  /// The offset of the newest event that was passed on.
  long last() {
    return last;
  }

  /// Lets a socket hear what comes; on its event loop.
  void add(LoopMailbox loop, LibrarySocket socket) {
    sockets.computeIfAbsent(loop, _ -> new LinkedHashSet<>()).add(socket);
  }

  /// On the socket's event loop.
  void remove(LoopMailbox loop, LibrarySocket socket) {
    Set<LibrarySocket> here = sockets.get(loop);
    if (here != null) {
      here.remove(socket);
    }
  }

  /// The sockets of an event loop, on it.
  List<LibrarySocket> socketsOn(LoopMailbox loop) {
    Set<LibrarySocket> here = sockets.get(loop);
    return here == null ? List.of() : new ArrayList<>(here);
  }
}

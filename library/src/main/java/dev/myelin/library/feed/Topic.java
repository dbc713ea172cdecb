package dev.myelin.library.feed;

import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Those who hear of one library, and its newest events for who is about to catch up. Only the
/// dispatcher adds events; `lock` guards them and the count of signals.
final class Topic {
  private final SpaceId library;
  private final int maxRecent;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<LibraryEvent> recent = new ArrayDeque<>();
  private long signals;
  private int followers;
  private @Nullable LibraryEvent last;

  /// One listener and what it wants.
  ///
  /// @param after the offset up to which everything happened before it listened
  record Listening(FeedListener listener, Set<String> types, long after) {}

  Topic(SpaceId library, int maxRecent) {
    this.library = library;
    this.maxRecent = maxRecent;
  }

  SpaceId library() {
    return library;
  }

  List<Listening> listeners() {
    return listeners;
  }

  void follow(int more) {
    lock.lock();
    try {
      followers += more;
      if (followers == 0) {
        recent.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  int subscribers() {
    lock.lock();
    try {
      return followers + listeners.size();
    } finally {
      lock.unlock();
    }
  }

  /// Keeps an event for followers and wakes them.
  void add(LibraryEvent event) {
    lock.lock();
    try {
      if (!recent.isEmpty() && recent.getLast().offset() != event.previous()) {
        recent.clear();
      }
      if (followers > 0) {
        recent.add(event);
        if (recent.size() > maxRecent) {
          recent.removeFirst();
        }
      }
      if (event.type().equals(EventType.LIBRARY_DELETED)) {
        last = event;
      }
      signals++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Something happened that followers must look up.
  void wake() {
    lock.lock();
    try {
      signals++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The library's last event, once it is deleted.
  @Nullable LibraryEvent last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /// How many signals there were.
  long signals() {
    lock.lock();
    try {
      return signals;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a signal after those.
  ///
  /// @return whether there was one in time
  boolean await(long seen, Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (signals == seen && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return signals != seen;
    } finally {
      lock.unlock();
    }
  }

  /// The events after a cursor, oldest first; null if they are not all here.
  @Nullable List<LibraryEvent> after(long cursor, int max) {
    lock.lock();
    try {
      if (recent.isEmpty() || recent.getFirst().previous() > cursor) {
        return null;
      }
      List<LibraryEvent> events = new ArrayList<>();
      var newest = recent.descendingIterator();
      while (newest.hasNext()) {
        LibraryEvent event = newest.next();
        if (event.offset() <= cursor) {
          break;
        }
        events.add(event);
      }
      List<LibraryEvent> ordered = events.reversed();
      return ordered.subList(0, Math.min(max, ordered.size()));
    } finally {
      lock.unlock();
    }
  }
}

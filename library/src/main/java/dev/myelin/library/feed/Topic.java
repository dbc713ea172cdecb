package dev.myelin.library.feed;

import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The newest events of a library that somebody follows, for who is about to catch up. Only the
/// broker's thread adds events; `lock` guards them and the count of signals.
final class Topic implements Receiver {
  private static final Subscription NOTHING = () -> {};

  private final SpaceId library;
  private final int maxRecent;
  private final Consumer<Topic> ended;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<LibraryEvent> recent = new ArrayDeque<>();
  private volatile Subscription subscription = NOTHING;
  private long signals;
  private int followers;
  private @Nullable LibraryEvent last;

  /// @param ended is told when the library is gone
  Topic(SpaceId library, int maxRecent, Consumer<Topic> ended) {
    this.library = library;
    this.maxRecent = maxRecent;
    this.ended = ended;
  }

  /// Takes over what brings it events.
  void hear(Subscription from) {
    subscription = from;
  }

  void hearNothing() {
    subscription.close();
  }

  SpaceId library() {
    return library;
  }

  void follow(int more) {
    lock.lock();
    try {
      followers += more;
    } finally {
      lock.unlock();
    }
  }

  int followers() {
    lock.lock();
    try {
      return followers;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void receive(Message message) {
    if (message.type().equals(EventType.MEMORY_ADDED)) {
      wake(); // has no place among the others: who wants it reads the journal
    } else {
      add(FeedMessage.of(message).event());
    }
    if (message.type().equals(EventType.LIBRARY_DELETED)) {
      ended.accept(this);
    }
  }

  @Override
  public void missed() {
    wake();
  }

  /// Keeps an event for followers and wakes them.
  private void add(LibraryEvent event) {
    lock.lock();
    try {
      if (!recent.isEmpty() && recent.getLast().offset() != event.previous()) {
        recent.clear();
      }
      recent.add(event);
      if (recent.size() > maxRecent) {
        recent.removeFirst();
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

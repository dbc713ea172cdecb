package dev.myelin.edge.library.socket;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events on their way to the sockets of one event loop: one task takes all that wait, and each
/// socket is flushed once. Posting from any thread.
final class LoopMailbox {
  private static final Logger LOG = LoggerFactory.getLogger(LoopMailbox.class);
  private static final int MOST = 4_096;

  private final Executor loop;
  private final ConcurrentLinkedQueue<Delivery> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Set<LibraryRoom> missed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  LoopMailbox(Executor loop) {
    this.loop = loop;
  }

  /// @param event null if the library is gone
  private record Delivery(LibraryRoom room, @Nullable EncodedEvent event) {}

  /// Brings an event to the loop's sockets of a library; null says that the library is gone.
  ///
  /// A loop that is far behind is told only that it missed something: its sockets read it from the
  /// feed.
  void post(LibraryRoom room, @Nullable EncodedEvent event) {
    if (event != null && size.get() >= MOST) {
      if (missed.add(room)) {
        wake();
      }
      return;
    }
    size.incrementAndGet();
    waiting.add(new Delivery(room, event));
    wake();
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        loop.execute(this::deliver);
      } catch (RejectedExecutionException _) {
        LOG.debug("an event loop has ended");
      }
    }
  }

  private void deliver() {
    scheduled.set(false);
    Set<LibrarySocket> touched = new LinkedHashSet<>();
    for (Delivery next = waiting.poll(); next != null; next = waiting.poll()) {
      size.decrementAndGet();
      for (LibrarySocket socket : next.room().socketsOn(this)) {
        if (next.event() == null) {
          socket.libraryDeleted();
        } else {
          socket.hear(next.event());
          touched.add(socket);
        }
      }
    }
    for (LibraryRoom room : List.copyOf(missed)) {
      missed.remove(room);
      room.socketsOn(this).forEach(socket -> socket.missed(room.last()));
    }
    touched.forEach(LibrarySocket::flush);
  }
}

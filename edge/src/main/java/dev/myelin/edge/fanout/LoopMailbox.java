package dev.myelin.edge.fanout;

import java.util.ArrayList;
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

/// Events on their way to the seats of one event loop: one task takes all that wait, then each
/// connection that wrote is flushed once. The last event's connections are flushed as it is told,
/// while what belongs to each is at hand. Posting from any thread, the rest on the loop.
final class LoopMailbox {
  private static final Logger LOG = LoggerFactory.getLogger(LoopMailbox.class);
  private static final int MOST = 4_096;

  private final Executor loop;
  private final ConcurrentLinkedQueue<Delivery> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Set<Room> missed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private ArrayList<Flushable> written = new ArrayList<>();

  /// Whether nothing waits behind what is told now.
  private boolean last;

  LoopMailbox(Executor loop) {
    this.loop = loop;
  }

  /// @param event null if the channel ended
  private record Delivery(Room room, @Nullable EncodedEvent event) {}

  /// Brings an event to the loop's seats of a room; null says that nothing more will come.
  ///
  /// A loop that is far behind is told only that it missed something: its seats read it from the
  /// log.
  void post(Room room, @Nullable EncodedEvent event) {
    if (event != null && size.get() >= MOST) {
      postMissed(room);
      return;
    }
    size.incrementAndGet();
    waiting.add(new Delivery(room, event));
    wake();
  }

  /// Says that something may have been left out.
  void postMissed(Room room) {
    if (missed.add(room)) {
      wake();
    }
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
    for (Delivery next = waiting.poll(); next != null; next = waiting.poll()) {
      last = size.decrementAndGet() == 0 && written.isEmpty();
      next.room().tell(this, next.event());
    }
    last = false;
    for (Room room : List.copyOf(missed)) {
      missed.remove(room);
      room.tellMissed(this);
    }
    if (!written.isEmpty()) {
      ArrayList<Flushable> all = written;
      written = new ArrayList<>();
      all.forEach(Flushable::flush);
    }
  }

  void flushLater(Flushable connection) {
    if (last) {
      connection.flush();
    } else {
      written.add(connection);
    }
  }
}

package dev.myelin.edge.channel;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Reads a channel from a cursor on and goes on with what happens: no gap, no repeat, nothing piled
/// up. One thread takes, and may block.
///
/// What happens waits in a queue of [#MOST] events and [#MOST_BYTES] of payloads; once that is
/// full, durable events are read where they are kept instead, and ephemeral ones are left out.
public final class ChannelFollower implements AutoCloseable, Ears.Listener {
  static final int MOST = 256;
  static final int MOST_BYTES = 1 << 20;

  /// What a channel tells last.
  private static final Set<String> LAST = Set.of("channel.deleted", "library.deleted");

  private final ChannelSource source;
  private final ChannelId channel;
  private final Position position;
  private final Ears.Hearing hearing;
  private final long begin;
  private final long past;

  // Of the taking thread.
  private long cursor;
  private boolean behind = true;
  private boolean over;

  // Guarded by the lock.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final ArrayDeque<EncodedEvent> waiting = new ArrayDeque<>(0);
  private long waitingBytes;
  private boolean missed;
  private boolean ended;

  private ChannelFollower(ChannelSource source, Ears ears, ChannelId channel, Position wanted) {
    this.source = source;
    this.channel = channel;
    this.hearing = ears.open(channel, this);
    try {
      past = source.end(channel).offset();
      position = wanted.fixed(source, channel);
      begin = position.offset(past);
      cursor = begin;
    } catch (RuntimeException e) {
      hearing.close();
      throw e;
    }
  }

  /// Follows a channel from a position on; without one, from here and now. Blocks.
  ///
  /// @throws dev.myelin.model.ServiceException GONE if what comes next is not kept any more, or the
  ///   channel has another epoch; NOT_FOUND if there is no such channel
  public static ChannelFollower open(
      ChannelSource source, Ears ears, ChannelId channel, Position position) {
    return new ChannelFollower(source, ears, channel, position);
  }

  public ChannelId channel() {
    return channel;
  }

  public String epoch() {
    return String.valueOf(position.epoch());
  }

  /// The offset that it began behind.
  public long begin() {
    return begin;
  }

  /// The offset of the newest event when it began.
  public long end() {
    return past;
  }

  /// Whether the channel told its last event, and all was taken.
  public boolean isOver() {
    return over;
  }

  /// The next events, at most so many; waits for the first one and gives an empty list if none
  /// comes in time.
  ///
  /// @throws dev.myelin.model.ServiceException GONE if the cursor has fallen behind what is kept,
  ///   or the channel was made anew; NOT_FOUND once it is gone
  public List<Told> take(int max, Duration timeout) throws InterruptedException {
    if (behind) {
      List<Told> kept = kept(max);
      if (!kept.isEmpty()) {
        return kept;
      }
    }
    List<Told> live = new ArrayList<>();
    boolean repeated = false;
    lock.lockInterruptibly();
    try {
      await(timeout);
      if (missed) {
        missed = false;
        behind = true;
      }
      for (EncodedEvent next = waiting.peek();
          next != null && live.size() < max && !over;
          next = waiting.peek()) {
        if (isBehind(next)) {
          behind = true;
          break;
        }
        waiting.remove();
        waitingBytes -= Told.size(next);
        repeated |= !add(next, live);
      }
      over |= ended && waiting.isEmpty() && !behind;
    } finally {
      lock.unlock();
    }
    if (repeated) { // or the log has begun anew, and its end went unheard
      var _ = position.read(source, channel, cursor, 1);
    }
    return live;
  }

  private List<Told> kept(int max) {
    ChannelPage page = position.read(source, channel, cursor, max);
    behind = page.more();
    cursor = Math.max(cursor, page.next());
    List<Told> kept = new ArrayList<>(page.events().size());
    for (ChannelEvent event : page.events()) {
      kept.add(new Told.Kept(event, event.offset() <= past));
      over |= LAST.contains(event.type());
    }
    return kept;
  }

  private void await(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    while (waiting.isEmpty() && !missed && !ended && !behind && left > 0) {
      left = came.awaitNanos(left);
    }
  }

  /// Whether something durable comes before it that was not taken.
  private boolean isBehind(EncodedEvent event) {
    return event.offset() > cursor && event.message().previous() > cursor;
  }

  /// Takes an event over; returns whether it was not known yet.
  private boolean add(EncodedEvent event, List<Told> live) {
    boolean isNew = event.isEphemeral() || event.offset() > cursor;
    if (isNew) {
      live.add(new Told.Live(event));
      cursor = Math.max(cursor, event.offset());
      over |= LAST.contains(event.message().type());
    }
    return isNew;
  }

  // ---- on the thread of all ears

  @Override
  public void heard(EncodedEvent event) {
    lock.lock();
    try {
      if (hasRoom(event)) {
        waiting.add(event);
        waitingBytes += Told.size(event);
      } else if (!event.isEphemeral() || LAST.contains(event.message().type())) {
        missed = true;
      }
      came.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(EncodedEvent event) {
    return waiting.isEmpty()
        || (waiting.size() < MOST && waitingBytes + Told.size(event) <= MOST_BYTES);
  }

  @Override
  public void missed() {
    lock.lock();
    try {
      missed = true;
      came.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended() {
    lock.lock();
    try {
      ended = true;
      came.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    hearing.close();
  }
}

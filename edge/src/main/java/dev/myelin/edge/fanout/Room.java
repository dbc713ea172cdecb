package dev.myelin.edge.fanout;

import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import dev.myelin.model.ChannelId;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All who hear one channel. It hears the broker, on whatever thread that tells on; seats come and
/// go on their event loops, which also own the lists of them.
public final class Room implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Room.class);

  private final ChannelId channel;
  private final FanOut fanOut;
  private final Map<LoopMailbox, ArrayList<Seat>> loops = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();

  /// Guarded by the table of rooms.
  @Nullable Subscription subscription;

  Room(ChannelId channel, FanOut fanOut) {
    this.channel = channel;
    this.fanOut = fanOut;
  }

  public ChannelId channel() {
    return channel;
  }

  /// Seats that are taken.
  public int size() {
    return size.get();
  }

  @Override
  public void receive(Message message) {
    EncodedEvent event = new EncodedEvent(message);
    for (LoopMailbox loop : loops.keySet()) {
      loop.post(this, event);
    }
  }

  @Override
  public void missed() {
    for (LoopMailbox loop : loops.keySet()) {
      loop.postMissed(this);
    }
  }

  /// Tells all, behind what was told before, that nothing more will come. Any thread.
  public void end() {
    for (LoopMailbox loop : loops.keySet()) {
      loop.post(this, null);
    }
  }

  // ---- on an event loop

  void add(LoopMailbox loop, Seat seat) {
    ArrayList<Seat> here = loops.computeIfAbsent(loop, _ -> new ArrayList<>(2));
    seat.index = here.size();
    here.add(seat);
    size.incrementAndGet();
  }

  void remove(LoopMailbox loop, Seat seat) {
    ArrayList<Seat> here = loops.get(loop);
    if (here != null) {
      Seat last = here.removeLast();
      if (seat.index < here.size()) {
        here.set(seat.index, last);
        last.index = seat.index;
      }
    }
    size.decrementAndGet();
    fanOut.left(this);
  }

  void tell(LoopMailbox loop, @Nullable EncodedEvent event) {
    ArrayList<Seat> here = loops.get(loop);
    if (here == null) {
      return;
    }
    // From the last to the first: who leaves on hearing this gives its place to one that has heard.
    for (int i = here.size() - 1; i >= 0; i--) {
      Seat seat = here.get(i);
      try {
        if (event == null) {
          seat.ended();
        } else {
          seat.hear(event);
        }
      } catch (RuntimeException e) { // the others are told whatever one of them did
        LOG.atError().setCause(e).addKeyValue("channel", channel.name()).log("a listener failed");
      }
      i = Math.min(i, here.size());
    }
  }

  void tellMissed(LoopMailbox loop) {
    ArrayList<Seat> here = loops.get(loop);
    if (here == null) {
      return;
    }
    for (int i = here.size() - 1; i >= 0; i--) {
      here.get(i).missed();
      i = Math.min(i, here.size());
    }
  }
}

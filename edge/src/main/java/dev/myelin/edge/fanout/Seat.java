package dev.myelin.edge.fanout;

import org.jspecify.annotations.Nullable;

/// One who hears a channel, such as a subscription of a connection. It takes a seat with
/// [FanOut#join] and gives it up with [#leave()], both on its event loop, where it is also told of
/// everything.
public abstract class Seat {
  @Nullable Room room;
  @Nullable LoopMailbox mailbox;

  /// Where it sits among those of its event loop.
  int index;

  /// Something happened. Events of a channel come in their order; with offsets, as far as none was
  /// missed. Write, but do not flush: ask for that with [#flushLater(Flushable)].
  protected abstract void hear(EncodedEvent event);

  /// Something may have been left out: compare offsets, and read the channel's log.
  protected abstract void missed();

  /// Nothing more will come.
  protected void ended() {}

  /// Has a connection flushed once all that waits is told; to be asked for once per connection
  /// until then.
  protected final void flushLater(Flushable connection) {
    LoopMailbox loop = mailbox;
    if (loop != null) {
      loop.flushLater(connection);
    }
  }

  /// Whether it has a seat.
  public final boolean isSeated() {
    return room != null;
  }

  /// Hears no more. Does nothing the second time.
  public final void leave() {
    Room left = room;
    LoopMailbox loop = mailbox;
    if (left != null && loop != null) {
      room = null;
      mailbox = null;
      left.remove(loop, this);
    }
  }
}

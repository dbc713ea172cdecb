package dev.myelin.edge.channel;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.fanout.Seat;
import dev.myelin.model.ChannelId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// Seats in the rooms of channels for readers that are no sockets: all of them are told on one
/// thread, which must not be held up. Any thread.
public final class Ears {
  private final FanOut fanOut;
  private final Executor loop =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("ears-", 0).factory());

  public Ears(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  /// Who is told; on the thread of all ears.
  interface Listener {
    void heard(EncodedEvent event);

    /// Something may have been left out: compare offsets, and read the channel's log.
    void missed();

    /// Nothing more will come.
    void ended();
  }

  /// Ends a hearing; more than once is as good as once.
  interface Hearing extends AutoCloseable {
    @Override
    void close();
  }

  /// Tells a listener of all that comes once this has returned. Blocks for a moment.
  Hearing open(ChannelId channel, Listener listener) {
    Ear ear = new Ear(listener);
    CompletableFuture.runAsync(() -> fanOut.join(channel, ear, loop), loop).join();
    return () -> loop.execute(ear::leave);
  }

  private static final class Ear extends Seat {
    private final Listener listener;

    Ear(Listener listener) {
      this.listener = listener;
    }

    @Override
    protected void hear(EncodedEvent event) {
      listener.heard(event);
    }

    @Override
    protected void missed() {
      listener.missed();
    }

    @Override
    protected void ended() {
      listener.ended();
    }
  }
}

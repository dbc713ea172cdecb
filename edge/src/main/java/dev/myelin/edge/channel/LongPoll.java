package dev.myelin.edge.channel;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Waits for a channel's next durable event. One thread waits.
final class LongPoll implements Ears.Listener {
  private final Semaphore came = new Semaphore(0);
  private volatile boolean over;

  /// A page of what comes after an offset; waits while there is nothing, but not for longer than
  /// that, nor once the client has gone. Blocks.
  static ChannelPage read(ChannelDesk desk, ChannelId channel, Wanted wanted, Patience patience)
      throws InterruptedException {
    ChannelSource source = desk.source();
    long deadline = System.nanoTime() + patience.longest().toNanos();
    LongPoll poll = new LongPoll();
    try (Ears.Hearing _ = desk.ears().open(channel, poll)) {
      var _ = patience.gone().thenRun(poll::left);
      ChannelPage page = wanted.read(source, channel);
      while (page.events().isEmpty() && poll.await(deadline)) {
        page = wanted.read(source, channel);
      }
      return page;
    }
  }

  /// Which page.
  record Wanted(Position position, long after, int limit) {
    ChannelPage read(ChannelSource source, ChannelId channel) {
      return position.read(source, channel, after, limit);
    }
  }

  /// How long there is somebody who waits.
  record Patience(Duration longest, CompletableFuture<Void> gone) {}

  private void left() {
    over = true;
    came.release();
  }

  private boolean await(long deadline) throws InterruptedException {
    boolean heard = came.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    var _ = came.drainPermits();
    return heard && !over;
  }

  @Override
  public void heard(EncodedEvent event) {
    if (!event.isEphemeral()) {
      came.release();
    }
  }

  @Override
  public void missed() {
    came.release();
  }

  @Override
  public void ended() {
    came.release();
  }
}

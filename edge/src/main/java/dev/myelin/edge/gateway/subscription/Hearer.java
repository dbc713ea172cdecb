package dev.myelin.edge.gateway.subscription;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelSource;
import java.util.function.Supplier;

/// Who has subscriptions: what they need of their connection. All on its event loop.
public interface Hearer {
  /// Where the logs of channels are read.
  ChannelSource source();

  /// Whether so much waits for the client that reading logs for it has to wait too.
  boolean isSlow();

  /// Passes an event on that happens now. It asks for a flush, with [Subscription#flushSoon].
  void hear(Subscription subscription, EncodedEvent event);

  /// Passes an event on that was read from the log.
  void hear(ChannelEvent event);

  /// Has written what was read.
  void caughtUp();

  /// The log has not what was missed: a snapshot makes it whole.
  void lost(Subscription subscription);

  /// The channel is no more.
  void ended(Subscription subscription);

  /// Does something that may block elsewhere, and what that gives on the event loop.
  void offLoop(Supplier<Runnable> work);
}

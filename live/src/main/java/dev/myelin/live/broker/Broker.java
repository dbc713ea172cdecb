package dev.myelin.live.broker;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import org.jspecify.annotations.Nullable;

/// Hands messages to those who listen to their channel. It keeps nothing: what must not be lost is
/// durable before it is published, and is read where it is kept by who missed it.
///
/// **Order.** Messages of one channel are told in the order in which they were published, one at a
/// time; of different channels also side by side. **Threads.** Any; nothing here blocks.
/// **Bounds.** What waits to be told is bounded; what comes on top is left out, and its receivers
/// are told so.
public interface Broker extends AutoCloseable {

  /// Puts a message in line for those who listen to its channel; never blocks, never fails. Costs
  /// next to nothing when nobody listens.
  void publish(Message message);

  /// Tells a receiver of a channel's messages from now on. It may hear of what was published just
  /// before, too.
  ///
  /// @return ends it; a message that is being told at that moment may still arrive
  Subscription subscribe(ChannelId channel, Receiver receiver);

  /// Tells a receiver of the messages of all channels of a type.
  ///
  /// @param tenant whose channels, all of which then are told in the order in which they were
  ///   published, one at a time; null for every tenant, of which several may be told side by side
  /// @return ends it; a message that is being told at that moment may still arrive
  Subscription subscribeAll(ChannelType type, @Nullable String tenant, Receiver receiver);

  /// Figures since the broker was opened.
  BrokerStats stats();

  /// Tells nothing more: what waits is dropped.
  @Override
  void close();
}

package dev.myelin.edge.channel;

import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletionException;

/// What the surfaces of channels work on.
///
/// @param channels whose log is kept here
/// @param source of all channels, libraries too
/// @param ears for readers that are no sockets
public record ChannelDesk(Channels channels, ChannelSource source, Ears ears) {

  /// Publishes an event and waits until it is durable.
  ///
  /// @throws ServiceException CONFLICT if its command id was used for something else; OVERLOADED,
  ///   STORAGE_UNAVAILABLE
  public Published publish(ChannelId channel, NewEvent event) {
    try {
      return channels.publish(channel, event).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }

  /// Follows a channel; see [ChannelFollower#open].
  public ChannelFollower follow(ChannelId channel, Position position) {
    return ChannelFollower.open(source, ears, channel, position);
  }
}

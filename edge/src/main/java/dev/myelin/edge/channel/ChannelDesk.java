package dev.myelin.edge.channel;

import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletionException;

/// What the surfaces of channels work on.
///
/// @param channels whose log is kept here
/// @param source of all channels, libraries too
/// @param ears for readers that are no sockets
/// @param pace how often users may publish
public record ChannelDesk(Channels channels, ChannelSource source, Ears ears, Pace pace) {

  /// Tells who listens of an event that is not kept, unless the next one will say the same.
  ///
  /// @throws ServiceException RATE_LIMITED
  public void tell(ChannelId channel, Publication wanted, Principal principal) {
    if (pace.admits(principal, wanted)) {
      channels.tell(channel, wanted.event(principal, channel));
    }
  }

  /// Publishes an event and waits until it is durable.
  ///
  /// @throws ServiceException CONFLICT if its command id was used for something else; RATE_LIMITED,
  ///   OVERLOADED, STORAGE_UNAVAILABLE
  public Published publish(ChannelId channel, Publication wanted, Principal principal) {
    if (!pace.admits(principal, wanted)) {
      throw new ServiceException(
          ErrorCode.RATE_LIMITED,
          "Too many of " + wanted.type() + ". Send fewer, or ephemeral ones: the latest says it.");
    }
    NewEvent event = wanted.event(principal, channel);
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

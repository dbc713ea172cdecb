package dev.myelin.live.channel;

import dev.myelin.model.ChannelId;

/// Where the events of channels can be read. Blocks; any thread.
public interface ChannelSource {

  /// Whether anything was ever published there. A channel of our own log can be read and published
  /// to all the same.
  boolean exists(ChannelId channel);

  /// Where the channel's log stands; offset 0 if nothing was ever published.
  ///
  /// @throws dev.myelin.model.ServiceException NOT_FOUND if there is no such channel
  ChannelEnd end(ChannelId channel);

  /// The events after a cursor.
  ///
  /// @param after an offset up to which everything was seen. Who wants what there is, whether it is
  ///   all or not, begins at [ChannelEnd#oldest()]
  /// @param limit how many at most, 1 or more
  /// @throws dev.myelin.model.ServiceException GONE if the cursor is older than what is kept, or
  ///   past the end; NOT_FOUND if there is no such channel
  ChannelPage read(ChannelId channel, long after, int limit);
}

package dev.myelin.edge.channel;

import dev.myelin.edge.rest.RestException;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Where a reader says that it stands in a channel.
///
/// @param after everything up to that offset is known; null if the reader knows nothing
/// @param epoch that the offset is of; null if the reader does not say
public record Position(@Nullable Long after, @Nullable String epoch) {

  /// The position of a reader.
  ///
  /// @param epoch empty or null if it does not say
  public static Position of(@Nullable Long after, @Nullable String epoch) {
    return new Position(after, epoch == null || epoch.isEmpty() ? null : epoch);
  }

  /// This position with nothing left open: of a reader that knows nothing, here and now.
  ///
  /// @throws ServiceException GONE if what comes next is not kept any more, or the channel has
  ///   another epoch; NOT_FOUND if there is no such channel
  Position fixed(ChannelSource source, ChannelId channel) {
    long begin = offset(source.end(channel).offset());
    return new Position(begin, read(source, channel, begin, 1).epoch());
  }

  /// The offset to begin behind.
  ///
  /// @param otherwise for a reader that knows nothing
  long offset(long otherwise) {
    return after == null ? otherwise : after;
  }

  /// Reads what comes behind it; for a reader that knows nothing, from the oldest that is kept.
  ///
  /// @throws ServiceException as the other does
  public ChannelPage read(ChannelSource source, ChannelId channel, int limit) {
    return read(source, channel, offset(0), limit);
  }

  /// Reads what comes behind an offset, of the log that the reader means.
  ///
  /// @throws ServiceException GONE if that is not kept any more, or the channel has another epoch
  ChannelPage read(ChannelSource source, ChannelId channel, long offset, int limit) {
    ChannelPage page = source.read(channel, offset, limit);
    if (epoch != null && !epoch.equals(page.epoch())) {
      throw new ServiceException(
          ErrorCode.GONE,
          channel.name()
              + " was made anew: its epoch is "
              + page.epoch()
              + " now, and offsets of before mean nothing. Take its state anew, then follow it"
              + " without a position.");
    }
    return page;
  }

  /// A failure as HTTP tells it: who is too late is told where to go on.
  static RuntimeException told(ServiceException e, ChannelSource source, ChannelId channel) {
    if (e.code() != ErrorCode.GONE) {
      return e;
    }
    ChannelEnd end = source.end(channel);
    return RestException.of(410, ErrorCode.GONE, e.text())
        .withMember("oldest_offset", end.oldest())
        .withMember("last_offset", end.offset())
        .withMember("epoch", end.epoch());
  }
}

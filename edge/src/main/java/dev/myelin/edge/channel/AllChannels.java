package dev.myelin.edge.channel;

import dev.myelin.edge.gateway.LibraryEvents;
import dev.myelin.journal.Journal;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import dev.myelin.library.LibraryService;
import dev.myelin.library.feed.ChangeFeed;
import dev.myelin.library.feed.FeedPage;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.SpaceId;
import java.util.Set;

/// The events of all channels: those of libraries are their changes, read from their feeds; the
/// others come from their own logs.
///
/// @param channels whose log is kept for them
/// @param journal knows the epoch of a library's stream
public record AllChannels(ChannelSource channels, LibraryService libraries, Journal journal)
    implements ChannelSource {
  private static boolean isLibrary(ChannelId channel) {
    return channel.type() == ChannelType.LIBRARY;
  }

  @Override
  public boolean exists(ChannelId channel) {
    return isLibrary(channel)
        ? libraries.find(channel.space()).isPresent()
        : channels.exists(channel);
  }

  @Override
  public ChannelEnd end(ChannelId channel) {
    if (!isLibrary(channel)) {
      return channels.end(channel);
    }
    SpaceId library = channel.space();
    if (libraries.find(library).isEmpty()) {
      throw ChangeFeed.unknown(library);
    }
    return new ChannelEnd(
        epoch(library), libraries.feed().end(library), libraries.feed().oldest(library));
  }

  private String epoch(SpaceId library) {
    return journal
        .end(StreamName.of(library))
        .map(StreamEnd::epoch)
        .orElseThrow(() -> ChangeFeed.unknown(library));
  }

  @Override
  public ChannelPage read(ChannelId channel, long after, int limit) {
    if (!isLibrary(channel)) {
      return channels.read(channel, after, limit);
    }
    SpaceId library = channel.space();
    String epoch = epoch(library);
    FeedPage page = libraries.feed().read(library, after, limit, Set.of());
    return new ChannelPage(
        epoch, page.events().stream().map(LibraryEvents::event).toList(), page.next(), page.more());
  }
}

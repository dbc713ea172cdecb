package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.connection.Ground;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a client was that knows only the id of the last event it had. In the channel of that event
/// it was there. Of other channels it had at least what happened some time before: from there it is
/// told again, and leaves out what it has. Where the id is not found among what may be told again,
/// a snapshot is all that leaves no hole.
///
/// Blocks; reads at most twice as many events of a channel as may be told again.
final class LastEvent {
  /// Longer than an event is on its way through the server to those who read at all.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Ground ground;
  private final String id;

  LastEvent(Ground ground, String id) {
    this.ground = ground;
    this.id = id;
  }

  /// The newest events of a channel about where the client was.
  ///
  /// @param from the offset before the first
  private record Window(long from, boolean isWhole, List<ChannelEvent> events) {}

  /// Mends the places of all channels of which the client did not say them.
  void place(Map<ChannelId, Wish> wishes, Set<ChannelId> said) {
    Map<ChannelId, Window> windows = new LinkedHashMap<>();
    wishes.forEach((channel, wish) -> {
      if (!said.contains(channel)) {
        windows.put(channel, read(wish));
      }
    });
    ChannelEvent last = find(windows);
    windows.forEach((channel, window) ->
        wishes.computeIfPresent(channel, (_, wish) -> placed(wish, window, last)));
  }

  private @Nullable ChannelEvent find(Map<ChannelId, Window> windows) {
    return windows.values().stream()
        .flatMap(window -> window.events().stream())
        .filter(event -> event.id().equals(id))
        .findFirst()
        .orElse(null);
  }

  private Window read(Wish wish) {
    int most = ground.options().maxReplay();
    try {
      ChannelEnd end = ground.source().end(wish.channel());
      long kept = wish.offset() == null ? end.offset() : wish.offset();
      long from = Math.max(end.oldest(), kept - most);
      List<ChannelEvent> events =
          from >= end.offset()
              ? List.of()
              : ground.source().read(wish.channel(), from, 2 * most).events();
      return new Window(from, from == 0, events);
    } catch (ServiceException _) {
      return new Window(0, false, List.of()); // it is told of when the channel is opened
    }
  }

  private static Wish placed(Wish wish, Window window, @Nullable ChannelEvent last) {
    if (last == null) {
      return at(wish, "", Long.MAX_VALUE);
    }
    if (last.channel().equals(wish.channel())) {
      return at(wish, wish.epoch(), last.offset());
    }
    Instant before = last.at().minus(MARGIN);
    long had = window.isWhole() ? 0 : -1;
    for (ChannelEvent event : window.events()) {
      if (event.at().isBefore(before)) {
        had = event.offset();
      }
    }
    long kept = wish.offset() == null ? Long.MAX_VALUE : wish.offset();
    boolean isNothingMissed = window.events().isEmpty() && kept == window.from();
    if (had < 0 && !isNothingMissed) {
      return at(wish, "", Long.MAX_VALUE);
    }
    return isNothingMissed ? wish : at(wish, wish.epoch(), Math.min(kept, had));
  }

  private static Wish at(Wish wish, @Nullable String epoch, @Nullable Long offset) {
    return new Wish(wish.channel(), epoch, offset, wish.rewind(), wish.types(), wish.presence());
  }
}

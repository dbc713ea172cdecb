package dev.myelin.edge.gateway.subscription;

import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what subscriptions begin with.
public final class Openings {
  private static final int LATEST = 20;

  private Openings() {}

  /// Reads what a subscription begins with. Blocks.
  ///
  /// @param maxReplay events that are told again; who missed more gets a snapshot
  /// @throws ServiceException if there is no such channel
  public static Opening read(ChannelSource source, Wish wish, int maxReplay) {
    ChannelEnd end = source.end(wish.channel());
    Long since = wish.offset();
    if (since != null) {
      List<ChannelEvent> missed = missed(source, wish, end, maxReplay);
      if (missed != null) {
        return new Opening(
            wish.channel(), end.epoch(), top(end, missed), true, true, missed, List.of());
      }
    }
    List<ChannelEvent> rewound =
        wish.rewind() == 0 ? List.of() : newest(source, wish.channel(), end, wish.rewind());
    List<ChannelEvent> latest =
        wish.channel().type() == ChannelType.TEAM
            ? newest(source, wish.channel(), end, LATEST)
            : List.of();
    long top = Math.max(top(end, rewound), top(end, latest));
    return new Opening(wish.channel(), end.epoch(), top, since != null, false, rewound, latest);
  }

  private static long top(ChannelEnd end, List<ChannelEvent> events) {
    return events.isEmpty() ? end.offset() : Math.max(end.offset(), events.getLast().offset());
  }

  /// All that came after where the client was; null if that cannot be told whole.
  private static @Nullable List<ChannelEvent> missed(
      ChannelSource source, Wish wish, ChannelEnd end, int maxReplay) {
    long since = wish.offset() == null ? 0 : wish.offset();
    boolean same = wish.epoch() == null || wish.epoch().equals(end.epoch());
    if (!same || since < end.oldest() || since > end.offset()) {
      return null;
    }
    if (since == end.offset()) {
      return List.of();
    }
    try {
      ChannelPage page = source.read(wish.channel(), since, maxReplay + 1);
      boolean whole = page.epoch().equals(end.epoch()) && page.events().size() <= maxReplay;
      return whole ? page.events() : null;
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.GONE) {
        return null; // it was let go of just now
      }
      throw e;
    }
  }

  private static List<ChannelEvent> newest(
      ChannelSource source, ChannelId channel, ChannelEnd end, int count) {
    long from = Math.max(end.oldest(), end.offset() - count);
    if (from >= end.offset()) {
      return List.of();
    }
    try {
      return source.read(channel, from, count).events();
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.GONE) {
        return List.of();
      }
      throw e;
    }
  }
}

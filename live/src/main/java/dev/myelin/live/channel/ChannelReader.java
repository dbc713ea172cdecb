package dev.myelin.live.channel;

import dev.myelin.journal.Journal;
import dev.myelin.journal.PageLimit;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the logs of channels. Blocks; any thread.
final class ChannelReader implements ChannelSource {
  private final ChannelConfig config;
  private final Journal journal;
  private final Epochs epochs;

  ChannelReader(ChannelConfig config, Journal journal, Epochs epochs) {
    this.config = config;
    this.journal = journal;
    this.epochs = epochs;
  }

  @Override
  public boolean exists(ChannelId channel) {
    ChannelRow row = row(ChannelTables.key(channel));
    return row != null && !row.deleted();
  }

  @Override
  public ChannelEnd end(ChannelId channel) {
    return end(row(ChannelTables.key(channel)));
  }

  private @Nullable ChannelRow row(byte[] key) {
    return ChannelRow.decode(journal.get(ChannelTables.CHANNELS, key));
  }

  private ChannelEnd end(@Nullable ChannelRow row) {
    if (row == null) {
      return new ChannelEnd(epochs.of(epochs.base()), 0, 0);
    }
    long oldest = Math.max(row.floor(), row.end() - config.maxEvents());
    return new ChannelEnd(epochs.of(row.nonce()), row.end(), oldest);
  }

  @Override
  public ChannelPage read(ChannelId channel, long after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 or more)");
    }
    byte[] key = ChannelTables.key(channel);
    while (true) {
      ChannelEnd end = end(row(key));
      requireKept(channel, after, end);
      List<ChannelEvent> events = events(channel, after, Math.min(limit, end.offset() - after));
      if (after == end.offset() || !events.isEmpty()) {
        long next = after + events.size();
        return new ChannelPage(end.epoch(), events, next, next < end.offset());
      }
      // What was to be read was let go of meanwhile: now its cursor is too old.
    }
  }

  private static void requireKept(ChannelId channel, long after, ChannelEnd end) {
    if (after < end.oldest() || after > end.offset()) {
      throw new ServiceException(
          ErrorCode.GONE,
          "Events of channel "
              + channel.name()
              + " after offset "
              + after
              + " cannot be told (expected: "
              + end.oldest()
              + " to "
              + end.offset()
              + "). Read the state anew, then follow from the newest offset.");
    }
  }

  /// The events right after a cursor; none if they are not there any more.
  private List<ChannelEvent> events(ChannelId channel, long after, long limit) {
    List<ChannelEvent> events = new ArrayList<>();
    if (limit < 1) {
      return events;
    }
    byte[] key = ChannelTables.key(channel);
    long[] bytes = {0};
    journal.scan(
        ChannelTables.EVENTS,
        key,
        ChannelTables.event(key, after + 1),
        (found, value) -> {
          long offset = ChannelTables.offset(found);
          bytes[0] += value.length;
          boolean fits = events.isEmpty() || bytes[0] <= PageLimit.DEFAULT.maxBytes();
          if (offset != after + 1 + events.size() || !fits) {
            return false;
          }
          events.add(EventForm.decode(channel, offset, value));
          return events.size() < limit;
        });
    return events;
  }
}

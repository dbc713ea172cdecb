package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.live.channel.CommandRow.Wanted;
import dev.myelin.model.ChannelId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// One publishing on its way. Runs on the committer thread, perhaps twice.
final class Publication {
  /// How many events of a log that is kept shorter than before go with one publishing.
  private static final int MAX_GOING = 64;

  private final ChannelConfig config;
  private final Epochs epochs;
  private final ChannelId channel;
  private final byte[] key;
  private final String eventId;
  private final NewEvent event;
  private final @Nullable Wanted wanted;

  /// How it ended.
  ///
  /// @param event null if it was there before
  record Outcome(Published published, @Nullable ChannelEvent event) {}

  Publication(
      ChannelConfig config, Epochs epochs, ChannelId channel, String eventId, NewEvent event) {
    this.config = config;
    this.epochs = epochs;
    this.channel = channel;
    this.eventId = eventId;
    this.event = event;
    key = ChannelTables.key(channel);
    CommandKey command = event.command();
    wanted = command == null ? null : CommandRow.wanted(channel, command);
  }

  Outcome run(Batch batch) {
    CommandRow before = before(batch);
    if (before != null) {
      String epoch = epochs.of(before.nonce());
      return new Outcome(new Published(before.eventId(), epoch, before.offset(), true), null);
    }
    ChannelRow row = nextRow(batch);
    ChannelEvent made = event(row, batch.time().truncatedTo(ChronoUnit.MILLIS));
    batch.put(ChannelTables.EVENTS, ChannelTables.event(key, row.end()), EventForm.encode(made));
    batch.put(ChannelTables.CHANNELS, key.clone(), shortened(batch, row).encode());
    if (wanted != null) {
      new CommandRow(wanted.digest(), row.nonce(), row.end(), eventId)
          .put(batch, wanted, config.commandAge());
    }
    return new Outcome(new Published(eventId, epochs.of(row.nonce()), row.end(), false), made);
  }

  private @Nullable CommandRow before(Batch batch) {
    CommandKey command = event.command();
    return wanted == null || command == null
        ? null
        : CommandRow.find(batch, wanted, config.commandAge(), command.commandId());
  }

  private ChannelRow nextRow(Batch batch) {
    ChannelRow row = ChannelRow.decode(batch.get(ChannelTables.CHANNELS, key));
    if (row == null) {
      row = ChannelRow.empty(Epochs.base(batch));
    } else if (row.deleted()) {
      batch.delete(ChannelTables.DUE, ChannelTables.due(row.due(), key));
      row = ChannelRow.empty(row.nonce());
    }
    if (row.isDue()) {
      return row.published(row.due());
    }
    long now = batch.time().toEpochMilli();
    batch.put(ChannelTables.DUE, ChannelTables.due(now, key), new byte[0]);
    return row.published(now);
  }

  /// Lets go of what is more than is kept.
  private ChannelRow shortened(Batch batch, ChannelRow row) {
    long floor = Math.min(row.end() - config.maxEvents(), row.floor() + MAX_GOING);
    for (long offset = row.floor() + 1; offset <= floor; offset++) {
      batch.delete(ChannelTables.EVENTS, ChannelTables.event(key, offset));
    }
    return floor > row.floor() ? row.trimmed(floor, row.due()) : row;
  }

  private ChannelEvent event(ChannelRow row, Instant at) {
    return new ChannelEvent(
        channel,
        eventId,
        event.type(),
        row.end(),
        row.end() - 1,
        at,
        event.correlationId(),
        event.sender(),
        event.payload());
  }

  int sizeInBytes() {
    return event.payload().length + 512;
  }
}

package dev.myelin.live.channel;

import dev.myelin.journal.Journal;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.channel.Publication.Outcome;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.EventIds;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The channels whose log is kept here: all but those of libraries.
///
/// **Publishing.** An event is durable, then visible to readers, then handed to the broker, then
/// its publisher is told. **Order.** Offsets of a channel are dense, from 1; the broker gets events
/// in that order. **Memory.** No channel is held in memory: how many there are makes no difference.
/// **Threads.** Any; only publishing and telling do not block.
public final class Channels implements ChannelSource, AutoCloseable {
  /// Told, and kept nowhere, when a channel was deleted: what comes after has another epoch.
  public static final String DELETED = "channel.deleted";

  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
  private static final byte[] NO_PAYLOAD = {'{', '}'};
  private static final int DELETE_BYTES = 1_024;

  private final ChannelConfig config;
  private final Journal journal;
  private final Broker broker;
  private final InstantSource clock;
  private final Epochs epochs;
  private final ChannelReader reader;
  private final ChannelRetention retention;
  private final LongAdder published = new LongAdder();
  private final LongAdder told = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("channel-upkeep").daemon().factory());

  /// Figures since the channels were opened.
  ///
  /// @param published events that are kept
  /// @param told events that only passed by
  /// @param duplicates commands that had been carried out before
  public record Stats(long published, long told, long duplicates) {}

  private Channels(ChannelConfig config, Journal journal, Broker broker, InstantSource clock) {
    this.config = config;
    this.journal = journal;
    this.broker = broker;
    this.clock = clock;
    epochs = Epochs.open(journal);
    reader = new ChannelReader(config, journal, epochs);
    retention = new ChannelRetention(config, journal, epochs, clock);
    long millis = config.trimInterval().toMillis();
    var _ = upkeep.scheduleWithFixedDelay(this::tryTrim, millis, millis, TimeUnit.MILLISECONDS);
  }

  /// Opens the channels of a journal. Blocks.
  ///
  /// @param broker is told of all that happens; not closed with the channels
  /// @throws ServiceException as the journal refuses the first write to it
  public static Channels open(
      ChannelConfig config, Journal journal, Broker broker, InstantSource clock) {
    return new Channels(config, journal, broker, clock);
  }

  /// Publishes an event that is kept; never blocks.
  ///
  /// A command that was carried out before, in the last 24 hours or as configured, is not carried
  /// out again: its publisher gets what it got then.
  ///
  /// @return completes on the committer thread: what follows on it must be quick. Fails with a
  ///   [ServiceException]: MESSAGE_TOO_LARGE; CONFLICT if a command of that id said something else;
  ///   OVERLOADED, STORAGE_UNAVAILABLE, SHUTTING_DOWN; OUTCOME_UNKNOWN if nobody knows: with a
  ///   command it can be sent again
  public CompletionStage<Published> publish(ChannelId channel, NewEvent event) {
    requireOwn(channel);
    if (event.payload().length > config.maxPayloadBytes()) {
      return CompletableFuture.failedFuture(tooLarge(event));
    }
    String eventId = EventIds.next(clock.millis());
    Publication publication = new Publication(config, epochs, channel, eventId, event);
    return Work.submit(journal, publication.sizeInBytes(), publication::run, this::tell)
        .thenApply(Outcome::published);
  }

  private void tell(Outcome outcome) {
    ChannelEvent event = outcome.event();
    if (event == null) {
      duplicates.increment();
    } else {
      published.increment();
      broker.publish(event.message());
    }
  }

  /// Tells of an event that only passes by: it has no offset and is kept nowhere. Never blocks.
  public void tell(ChannelId channel, NewEvent event) {
    requireOwn(channel);
    told.increment();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    broker.publish(
        new ChannelEvent(
                channel,
                EventIds.next(now.toEpochMilli()),
                event.type(),
                0,
                0,
                now,
                event.correlationId(),
                event.sender(),
                event.payload())
            .message());
  }

  @Override
  public boolean exists(ChannelId channel) {
    requireOwn(channel);
    return reader.exists(channel);
  }

  /// Where the channel's log stands. A channel that was never published to is at offset 0 of the
  /// epoch that it will have.
  @Override
  public ChannelEnd end(ChannelId channel) {
    requireOwn(channel);
    return reader.end(channel);
  }

  @Override
  public ChannelPage read(ChannelId channel, long after, int limit) {
    requireOwn(channel);
    return reader.read(channel, after, limit);
  }

  /// Deletes a channel with its events, and tells who listens; it has another epoch from then on.
  /// Nothing happens if nothing was published there. Blocks.
  ///
  /// @throws ServiceException as the journal refuses it
  public void delete(ChannelId channel) {
    requireOwn(channel);
    byte[] key = ChannelTables.key(channel);
    long nonce = epochs.newNonce();
    var _ =
        Work.await(
            Work.submit(
                journal,
                DELETE_BYTES,
                batch -> {
                  ChannelRow row = ChannelRow.decode(batch.get(ChannelTables.CHANNELS, key));
                  if (row == null || row.deleted()) {
                    return false;
                  }
                  row.delete(batch, key, nonce);
                  return true;
                },
                deleted -> {
                  if (deleted) {
                    tell(channel, NewEvent.of(DELETED, NO_PAYLOAD));
                  }
                }));
  }

  /// Lets go of what is too old; done now and then by itself. Blocks.
  public void trim() {
    retention.trim();
  }

  /// What is not let go of now is next time.
  private void tryTrim() {
    try {
      trim();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("Old events of channels could not be let go of");
    }
  }

  public Stats stats() {
    return new Stats(published.sum(), told.sum(), duplicates.sum());
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
  }

  private static void requireOwn(ChannelId channel) {
    if (channel.type() == ChannelType.LIBRARY) {
      throw new IllegalArgumentException(
          "channel: " + channel + " (expected: one whose log is kept here; the feed has this one)");
    }
  }

  private ServiceException tooLarge(NewEvent event) {
    return new ServiceException(
        ErrorCode.MESSAGE_TOO_LARGE,
        "The payload has "
            + event.payload().length
            + " bytes (expected: at most "
            + config.maxPayloadBytes()
            + "). Send less, or a reference to where the rest is.");
  }
}

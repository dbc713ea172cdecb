package dev.myelin.live.channel;

import dev.myelin.live.broker.Message;
import dev.myelin.model.ChannelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One event of a channel. The payload is not to be changed.
///
/// @param id the same on every delivery
/// @param offset its place in the channel's log, dense from 1; 0 if it only passes by
/// @param previous the offset of the event before it that is kept
/// @param at when it was committed or, if it only passes by, told
/// @param correlationId constant for all that one command led to
/// @param sender the user it comes from; null for the server
/// @param payload a JSON object, UTF-8
@SuppressWarnings("ArrayRecordComponent") // a payload is handed on, never compared
public record ChannelEvent(
    ChannelId channel,
    String id,
    String type,
    long offset,
    long previous,
    Instant at,
    @Nullable String correlationId,
    @Nullable String sender,
    byte[] payload) {

  /// Whether it is neither kept nor replayed.
  public boolean ephemeral() {
    return offset == 0;
  }

  /// What the broker is given of it.
  public Message message() {
    return new Message(channel, type, offset, previous, at, () -> EventForm.encode(this), this);
  }

  /// The event that a message tells, of every type of channel but libraries.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if its body cannot be read
  public static ChannelEvent of(Message message) {
    return message.local() instanceof ChannelEvent event
        ? event
        : EventForm.decode(message.channel(), message.offset(), message.body());
  }
}

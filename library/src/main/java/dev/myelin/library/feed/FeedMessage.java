package dev.myelin.library.feed;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventRecord;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.store.Fields;
import dev.myelin.live.broker.Message;
import dev.myelin.model.ChannelId;

/// A library's event as the broker carries it, on the library's channel.
///
/// @param cause [Cause#NONE] if it comes from another process
public record FeedMessage(LibraryEvent event, Cause cause) {

  /// The event that a message on a library's channel tells.
  public static FeedMessage of(Message message) {
    return message.local() instanceof FeedMessage told
        ? told
        : new FeedMessage(decode(message), Cause.NONE);
  }

  /// What the broker is given of it.
  Message message() {
    return new Message(
        ChannelId.ofLibrary(event.library()),
        event.type(),
        event.offset(),
        event.previous(),
        event.at(),
        this::encode,
        this);
  }

  private byte[] encode() {
    return new EventRecord(event.type(), event.eventId(), event.previous(), event.data()).encode();
  }

  private static LibraryEvent decode(Message message) {
    Fields fields = Fields.read(message.body());
    return new LibraryEvent(
        message.channel().space(),
        message.offset(),
        message.previous(),
        fields.text("event_id"),
        message.type(),
        fields.object("data"),
        message.at());
  }
}

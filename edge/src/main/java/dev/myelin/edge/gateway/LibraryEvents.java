package dev.myelin.edge.gateway;

import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.FeedMessage;
import dev.myelin.live.broker.Message;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;

/// The changes of libraries as events of their channels.
public final class LibraryEvents {
  private LibraryEvents() {}

  /// The event that a message tells.
  public static ChannelEvent event(Message message) {
    return message.channel().type() == ChannelType.LIBRARY
        ? event(FeedMessage.of(message).event())
        : ChannelEvent.of(message);
  }

  /// A change of a library: its data, and the library's id.
  public static ChannelEvent event(LibraryEvent event) {
    return new ChannelEvent(
        ChannelId.ofLibrary(event.library()),
        event.eventId(),
        event.type(),
        event.offset(),
        event.previous(),
        event.at(),
        null,
        null,
        JsonText.write(json -> {
          json.writeStartObject();
          json.writeStringField("library_id", event.library().name());
          for (var member : event.data().entrySet()) {
            if (!member.getKey().equals("library_id")) {
              json.writeFieldName(member.getKey());
              JsonText.value(json, member.getValue());
            }
          }
          json.writeEndObject();
        }));
  }
}

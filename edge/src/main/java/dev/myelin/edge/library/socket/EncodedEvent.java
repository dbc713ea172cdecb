package dev.myelin.edge.library.socket;

import dev.myelin.edge.library.EventJson;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.LibraryEvent;

/// An event as it goes to all sockets.
///
/// @param frame the text of the message, never changed
@SuppressWarnings("ArrayRecordComponent") // never compared
record EncodedEvent(LibraryEvent event, Cause cause, byte[] frame) {

  static EncodedEvent of(LibraryEvent event, Cause cause) {
    return new EncodedEvent(event, cause, JsonText.write(json -> EventJson.event(json, event)));
  }

  long offset() {
    return event.offset();
  }
}

package dev.myelin.client.library.feed;

import dev.myelin.client.library.wire.LibraryForms;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Changes as JSON.
final class ChangeForms {
  private ChangeForms() {}

  static ChangePage page(JsonObject json) {
    return new ChangePage(
        json.objects("changes").stream().map(ChangeForms::change).toList(),
        json.number("next_since"),
        json.number("last_offset"),
        json.flag("has_more"));
  }

  private static Change change(JsonObject json) {
    return new Change(
        json.text("event_type"),
        json.text("library_id"),
        json.number("offset"),
        json.text("event_id"),
        LibraryForms.time(json, "timestamp"),
        json.object("data").map());
  }

  /// @throws dev.myelin.client.model.MyelinException PROTOCOL if it is no JSON
  static Change change(String text) {
    try {
      return change(JsonObject.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }
}

package dev.myelin.edge.gateway;

import dev.myelin.edge.rest.json.JsonText;
import org.jspecify.annotations.Nullable;

/// A message of the server that is no event of a channel's log: a reply, or word about the
/// connection.
///
/// @param replyTo the id of the command that this is the one reply to
/// @param correlationId constant for all that one command led to
/// @param payload writes an object
public record Envelope(
    String type,
    @Nullable String replyTo,
    @Nullable String correlationId,
    @Nullable String channel,
    JsonText.Body payload) {

  /// Word that no command asked for.
  public static Envelope of(String type, JsonText.Body payload) {
    return new Envelope(type, null, null, null, payload);
  }
}

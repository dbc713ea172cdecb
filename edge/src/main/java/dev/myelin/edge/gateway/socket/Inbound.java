package dev.myelin.edge.gateway.socket;

import org.jspecify.annotations.Nullable;

/// A message of a client.
///
/// @param id chosen by the client, what its one reply names; null if it needs none
/// @param payload what is said, wherever it stood
/// @param channel named beside the payload
/// @param correlationId as the client gave it; its id if it gave none
/// @param frame the message as it came
record Inbound(
    @Nullable String id,
    String type,
    Payload payload,
    @Nullable String channel,
    @Nullable String correlationId,
    Dialect dialect,
    Payload frame) {

  /// The channel that it is about: in the payload, or beside it.
  @Nullable String about() {
    String inside = payload.text("channel");
    return inside == null ? channel : inside;
  }

  Inbound withPayload(Payload other) {
    return new Inbound(id, type, other, channel, correlationId, dialect, frame);
  }
}

package dev.myelin.edge.gateway.message;

import org.jspecify.annotations.Nullable;

/// A message of a client.
///
/// @param id chosen by the client, what its one reply names; null if it needs none
/// @param payload what is said, wherever it stood
/// @param channel named beside the payload
/// @param correlationId as the client gave it; its id if it gave none
/// @param frame the message as it came
/// @param arrived when it came, as [System#nanoTime()] has it
public record Inbound(
    @Nullable String id,
    String type,
    Payload payload,
    @Nullable String channel,
    @Nullable String correlationId,
    Dialect dialect,
    Payload frame,
    long arrived) {

  /// What names the channel that it is about: in the payload, or beside it.
  public @Nullable Object about() {
    Object inside = payload.value("channel");
    return inside == null ? channel : inside;
  }
}

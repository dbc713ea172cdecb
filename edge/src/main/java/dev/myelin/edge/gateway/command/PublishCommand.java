package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.channel.CommandKey;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Publishes what clients say on channels.
final class PublishCommand {
  /// Families of events that only the server tells.
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "channel",
          "chat",
          "message",
          "assistant",
          "tool",
          "file",
          "team",
          "agent",
          "document",
          "conversation",
          "preference",
          "memory",
          "system",
          "quota",
          "library");

  void publish(GatewaySocket socket, Inbound command) {
    Principal principal = socket.visitor().known();
    ChannelId channel = Names.readable(socket.visitor().known(), command.about());
    String type = command.payload().text("type", "");
    GatewayError refusal = refusal(principal, channel, type);
    if (refusal == null) {
      refusal = socket.desk().limits().refuse(socket, command, 1);
    }
    if (refusal != null) {
      socket.faults().refuse(command, refusal);
      return;
    }
    byte[] payload =
        JsonText.write(json -> JsonText.value(json, command.payload().object("payload").members()));
    if (payload.length > GatewayOptions.INLINE_MAX_BYTES) {
      socket
          .faults()
          .refuse(
              command,
              GatewayError.of(
                      GatewayCode.INVALID_MESSAGE_FORMAT,
                      "The payload has " + payload.length + " bytes. Send less, or a reference.")
                  .named("MESSAGE_TOO_LARGE")
                  .with("max_bytes", GatewayOptions.INLINE_MAX_BYTES));
      return;
    }
    CommandKey key = key(socket, command, channel, type, payload);
    NewEvent event = new NewEvent(type, payload, command.correlationId(), principal.subject(), key);
    socket.tasks().began();
    var _ =
        socket
            .ground()
            .channels()
            .publish(channel, event)
            .whenComplete((published, failure) ->
                socket.tasks().over(() -> published(socket, command, published, failure)));
  }

  private static @Nullable GatewayError refusal(
      Principal principal, ChannelId channel, String type) {
    String family = type.substring(0, Math.max(0, type.indexOf('.')));
    if (RESERVED.contains(family)) {
      return GatewayError.of(
              GatewayCode.INVALID_MESSAGE_FORMAT,
              "Events " + family + ".* are told by the server. Publish one with a name of yours.")
          .with("known_family", true);
    }
    if (channel.type() == ChannelType.LIBRARY || !principal.maySend(type, channel)) {
      return GatewayError.of(
              GatewayCode.PERMISSION_DENIED,
              "You may not publish " + type + " to " + channel.name() + ".")
          .with("required", channel.name() + ":write")
          .with("channel", channel.name());
    }
    return null;
  }

  private static @Nullable CommandKey key(
      GatewaySocket socket, Inbound command, ChannelId channel, String type, byte[] payload) {
    if (command.id() == null) {
      return null;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((channel.name() + " " + type + " ").getBytes(StandardCharsets.UTF_8));
      return new CommandKey(
          socket.visitor().known().subject(),
          socket.visitor().clientId(),
          command.id(),
          digest.digest(payload));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static void published(
      GatewaySocket socket,
      Inbound command,
      @Nullable Published published,
      @Nullable Throwable failure) {
    if (published != null) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("event_id", published.eventId());
      result.put("epoch", published.epoch());
      result.put("offset", published.offset());
      String status = published.duplicate() ? "duplicate" : "accepted";
      socket.out().reply(command, Words.ack(command, status, result));
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ServiceException e) {
      GatewayError error = GatewayError.of(e);
      socket
          .faults()
          .refuse(
              command,
              error.code() == GatewayCode.CONFLICT ? error.named("IDEMPOTENCY_MISMATCH") : error);
    } else {
      throw new IllegalStateException("publishing failed", cause);
    }
  }
}

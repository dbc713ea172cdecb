package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Visitor;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.live.token.TokenException;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is said about a connection that is open: with which token, whether it lives, how fast.
final class StayCommands {
  void refresh(GatewaySocket socket, Inbound command) {
    Visitor visitor = socket.visitor();
    Principal before = visitor.known();
    Principal after;
    try {
      after = socket.ground().access().credentials().of(command.payload().text("token", ""));
    } catch (TokenException e) {
      socket
          .faults()
          .refuse(
              command, GatewayError.of(GatewayCode.INVALID_TOKEN, String.valueOf(e.getMessage())));
      return;
    }
    if (!after.tenant().equals(before.tenant()) || !after.subject().equals(before.subject())) {
      socket
          .faults()
          .refuse(
              command,
              GatewayError.of(
                      GatewayCode.INVALID_TOKEN,
                      "The token is of another user (expected: one of the same user and tenant).")
                  .closing());
      return;
    }
    visitor.renew(after);
    boolean changed = !after.permissionsHash().equals(before.permissionsHash());
    List<String> dropped = socket.seats().dropForbidden(after);
    Instant end = after.expiresAt();
    socket
        .out()
        .reply(
            command,
            Words.reply(
                command,
                "connection.refreshed",
                json -> {
                  json.writeStartObject();
                  json.writeStringField("expires_at", end == null ? null : Envelopes.time(end));
                  json.writeBooleanField("permissions_changed", changed);
                  json.writeArrayFieldStart("dropped_channels");
                  for (String name : dropped) {
                    json.writeString(name);
                  }
                  json.writeEndArray();
                  json.writeEndObject();
                }));
  }

  void heartbeat(GatewaySocket socket, Inbound command) {
    String echo = command.payload().text("timestamp");
    boolean tells = command.payload().has("visible");
    if (tells) {
      String device = socket.visitor().session().id();
      socket.ground().live().presence().visible(device, command.payload().flag("visible"));
    }
    confirm(socket, command.payload().object("positions"));
    socket
        .out()
        .reply(
            command,
            Words.reply(
                command,
                "connection.heartbeat",
                json -> {
                  json.writeStartObject();
                  json.writeStringField(
                      "timestamp", Envelopes.time(socket.ground().clock().instant()));
                  if (echo != null) {
                    json.writeStringField("rtt_echo", echo);
                  }
                  json.writeEndObject();
                }));
  }

  /// Takes note of what has arrived: from there a session goes on whose client does not say more.
  private static void confirm(GatewaySocket socket, Payload positions) {
    if (positions.members().isEmpty()) {
      return;
    }
    for (Subscription one : socket.seats().all()) {
      Long offset = positions.number(one.channel().name());
      if (offset != null && !one.isOpening()) {
        socket.desk().metrics().lag(one.confirm(offset));
      }
    }
  }

  void flow(GatewaySocket socket, Inbound command) {
    String tenant = socket.visitor().known().tenant();
    List<ChannelId> channels = new ArrayList<>();
    for (String name : command.payload().texts("channels")) {
      try {
        channels.add(ChannelId.parse(tenant, name));
      } catch (ServiceException e) {
        socket.faults().refuse(command, GatewayError.of(e).with("channel", name));
        return;
      }
    }
    if (command.payload().text("action", "").equals("pause")) {
      socket.seats().pause(channels);
    } else {
      socket.seats().resume(channels, command.payload().number("credit", -1));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("action", command.payload().text("action", ""));
    socket.out().reply(command, Words.ack(command, "accepted", result));
  }
}

package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Limits;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.limit.Verdict;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Who is there: shows members of channels, and says what they are doing.
final class PresenceCommands {

  private static Presence presence(GatewaySocket socket) {
    return socket.ground().live().presence();
  }

  /// `channel.presence`, and `team.presence.update`, which is the same of a team.
  void presence(GatewaySocket socket, Inbound command) {
    ChannelId channel = channel(socket, command);
    Payload payload = command.payload();
    if (payload.flag("get")) {
      socket.out().reply(command, socket.desk().roster().snapshot(command, channel));
      return;
    }
    Verdict verdict = socket.desk().limits().check(socket, command, 1);
    GatewayError tooOften = Limits.refusal(verdict);
    if (tooOften != null) {
      socket.faults().refuse(command, tooOften);
    } else if (verdict instanceof Verdict.Merged) {
      socket.out().reply(command, Words.ack(command, "noop", Map.of("reason", "merged")));
    } else {
      set(socket, command, channel);
    }
  }

  private void set(GatewaySocket socket, Inbound command, ChannelId channel) {
    Subscription subscription = socket.seats().find(channel);
    if (subscription == null) {
      socket
          .faults()
          .refuse(
              command,
              GatewayError.of(
                      GatewayCode.CHANNEL_NOT_FOUND,
                      "You are not in " + channel.name() + ". Subscribe to it first.")
                  .with("channel", channel.name()));
      return;
    }
    if (subscription.presence() == PresenceDetail.NONE) {
      socket.desk().roster().join(socket, subscription, PresenceDetail.COUNT);
    }
    Object activity = command.payload().value("activity");
    String text =
        activity == null
            ? null
            : new String(
                JsonText.write(json -> JsonText.value(json, activity)), StandardCharsets.UTF_8);
    String device = socket.visitor().session().id();
    var _ = presence(socket).set(channel, device, command.payload().text("status"), text);
    socket.out().reply(command, Words.ack(command, "accepted", Map.of()));
  }

  /// @throws ServiceException INVALID_CHANNEL if it names none that the client may hear
  private static ChannelId channel(GatewaySocket socket, Inbound command) {
    Principal principal = socket.visitor().known();
    String team = command.payload().text("team_id");
    Object name = command.type().equals("team.presence.update") ? "team:" + team : command.about();
    return Names.readable(principal, name);
  }

  /// The detail of a word.
  static PresenceDetail detail(String word) {
    return switch (word) {
      case "none" -> PresenceDetail.NONE;
      case "count" -> PresenceDetail.COUNT;
      case "full" -> PresenceDetail.FULL;
      default ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST, "presence: not known (expected: none, count or full).");
    };
  }
}

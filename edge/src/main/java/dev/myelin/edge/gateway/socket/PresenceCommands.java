package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.limit.Verdict;
import dev.myelin.live.presence.Member;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is there: shows members of channels, and says what they are doing.
final class PresenceCommands {

  private static Presence presence(GatewaySocket socket) {
    return socket.ground().live().presence();
  }

  /// Takes a subscriber in, if it wants to see others: then they see it as well.
  void join(GatewaySocket socket, Subscription subscription, PresenceDetail detail) {
    boolean before = subscription.presence() != PresenceDetail.NONE;
    subscription.presence(detail);
    boolean now = detail != PresenceDetail.NONE;
    String device = socket.visitor().session().id();
    if (now && !before) {
      Principal who = socket.visitor().known();
      presence(socket).join(subscription.channel(), device, new Member(who.subject(), who.name()));
    } else if (before && !now) {
      presence(socket).leave(subscription.channel(), device);
    }
  }

  /// Tells a subscriber who is there.
  void show(GatewaySocket socket, Subscription subscription) {
    switch (subscription.presence()) {
      case NONE -> {
        // It did not ask.
      }
      case COUNT ->
          socket.say(
              envelope(
                  null, subscription.channel(), presence(socket).count(subscription.channel())));
      case FULL ->
          socket.say(
              envelope(
                  null, subscription.channel(), presence(socket).snapshot(subscription.channel())));
    }
  }

  private static Envelope envelope(@Nullable Inbound command, ChannelId channel, byte[] payload) {
    return new Envelope(
        "channel.presence",
        command == null ? null : command.id(),
        command == null ? null : command.correlationId(),
        channel.name(),
        json -> json.writeRawValue(new String(payload, StandardCharsets.UTF_8)));
  }

  /// How many users are in a channel.
  int online(GatewaySocket socket, ChannelId channel) {
    byte[] counts = presence(socket).count(channel);
    Payload payload = Payload.of(JsonReader.any(counts, counts.length));
    return payload.object("counts").number("users", 0);
  }

  /// `channel.presence`, and `team.presence.update`, which is the same of a team.
  void presence(GatewaySocket socket, Inbound command) {
    ChannelId channel = channel(socket, command);
    Payload payload = command.payload();
    if (payload.flag("get")) {
      socket.reply(command, envelope(command, channel, presence(socket).snapshot(channel)));
      return;
    }
    Verdict verdict = socket.gateway().limits().check(socket, command, 1);
    GatewayError tooOften = Limits.refusal(verdict);
    if (tooOften != null) {
      socket.refuse(command, tooOften);
    } else if (verdict instanceof Verdict.Merged) {
      socket.reply(command, Words.ack(command, "noop", Map.of("reason", "merged")));
    } else {
      set(socket, command, channel);
    }
  }

  private void set(GatewaySocket socket, Inbound command, ChannelId channel) {
    Subscription subscription = socket.visitor().find(channel);
    if (subscription == null) {
      socket.refuse(
          command,
          GatewayError.of(
                  GatewayCode.CHANNEL_NOT_FOUND,
                  "You are not in " + channel.name() + ". Subscribe to it first.")
              .with("channel", channel.name()));
      return;
    }
    if (subscription.presence() == PresenceDetail.NONE) {
      join(socket, subscription, PresenceDetail.COUNT);
    }
    Object activity = command.payload().value("activity");
    String text =
        activity == null
            ? null
            : new String(
                JsonText.write(json -> JsonText.value(json, activity)), StandardCharsets.UTF_8);
    String device = socket.visitor().session().id();
    var _ = presence(socket).set(channel, device, command.payload().text("status"), text);
    socket.reply(command, Words.ack(command, "accepted", Map.of()));
  }

  /// @throws ServiceException INVALID_CHANNEL if it names none that the client may hear
  private static ChannelId channel(GatewaySocket socket, Inbound command) {
    Principal principal = socket.visitor().known();
    String team = command.payload().text("team_id");
    Object inside = command.payload().value("channel");
    Object name =
        command.type().equals("team.presence.update")
            ? "team:" + team
            : inside == null ? command.channel() : inside;
    ChannelId channel = Names.channel(principal.tenant(), name);
    if (!principal.may(ChannelAction.READ, channel)) {
      throw Refusals.noSuch(channel);
    }
    return channel;
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

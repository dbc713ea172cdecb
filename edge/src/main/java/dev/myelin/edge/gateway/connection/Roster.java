package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.live.presence.Member;
import dev.myelin.live.presence.Presence;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Who is there, as connections join in and are told of it.
public final class Roster {
  private final Presence presence;

  public Roster(Presence presence) {
    this.presence = presence;
  }

  /// Takes a subscriber in, if it wants to see others: then they see it as well.
  public void join(GatewaySocket socket, Subscription subscription, PresenceDetail detail) {
    boolean before = subscription.presence() != PresenceDetail.NONE;
    subscription.presence(detail);
    boolean now = detail != PresenceDetail.NONE;
    String device = socket.visitor().session().id();
    if (now && !before) {
      Principal who = socket.visitor().known();
      presence.join(subscription.channel(), device, new Member(who.subject(), who.name()));
    } else if (before && !now) {
      presence.leave(subscription.channel(), device);
    }
  }

  /// Takes a subscriber out, who hears the channel no more.
  void leave(GatewaySocket socket, Subscription subscription) {
    if (subscription.presence() != PresenceDetail.NONE) {
      subscription.presence(PresenceDetail.NONE);
      presence.leave(subscription.channel(), socket.visitor().session().id());
    }
  }

  /// Tells a subscriber who is there, as far as it asked.
  public void show(GatewaySocket socket, Subscription subscription) {
    ChannelId channel = subscription.channel();
    switch (subscription.presence()) {
      case NONE -> {
        // It did not ask.
      }
      case COUNT -> socket.out().say(envelope(null, channel, presence.count(channel)));
      case FULL -> socket.out().say(snapshot(null, channel));
    }
  }

  /// Everybody in a channel.
  ///
  /// @param command that asked; null if none did
  public Envelope snapshot(@Nullable Inbound command, ChannelId channel) {
    return envelope(command, channel, presence.snapshot(channel));
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
  public int online(ChannelId channel) {
    byte[] counts = presence.count(channel);
    Payload payload = Payload.of(JsonReader.any(counts, counts.length));
    return payload.object("counts").number("users", 0);
  }
}

package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.Form;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.subscription.Hearer;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.edge.gateway.subscription.Openings;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.session.KeptSubscription;
import dev.myelin.live.session.Position;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The channels that a connection hears, and how much of them.
///
/// Confined to the connection's event loop, but for their number.
public final class Seats implements Hearer {
  private static final Subscription[] NONE = {};

  private final GatewaySocket socket;
  private volatile Subscription[] subscriptions = NONE;

  /// Events that may still be told until it asks for more; negative if it did not say.
  private int credit = -1;

  Seats(GatewaySocket socket) {
    this.socket = socket;
  }

  /// How many. Any thread.
  public int count() {
    return subscriptions.length;
  }

  /// All of them; not to be changed.
  public List<Subscription> all() {
    return List.of(subscriptions);
  }

  public @Nullable Subscription find(ChannelId channel) {
    for (Subscription one : subscriptions) {
      if (one.channel().equals(channel)) {
        return one;
      }
    }
    return null;
  }

  // ---- taking a seat

  /// Takes a seat in a channel: what happens from now on is heard, or known to be missed.
  public Subscription sit(ChannelId channel) {
    Subscription known = find(channel);
    if (known != null) {
      known.reopen();
      return known;
    }
    Subscription made = new Subscription(this, channel);
    Subscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
    more[subscriptions.length] = made;
    subscriptions = more;
    socket.ground().fanOut().join(channel, made, socket.loop());
    return made;
  }

  /// Tells that a channel is heard from here on, then what was missed.
  public void tellOpening(Opening opening, Principal who, boolean already) {
    int online = socket.desk().roster().online(opening.channel());
    socket
        .out()
        .say(
            new Envelope(
                "channel.subscribed",
                null,
                null,
                opening.channel().name(),
                json -> opening.write(json, who, online, already)));
    replay(opening);
  }

  /// Tells what was missed.
  public void replay(Opening opening) {
    for (ChannelEvent event : opening.replay()) {
      socket.out().push(event.type(), Envelopes.event(event, form(), true));
    }
  }

  // ---- giving it up

  /// Gives a seat up.
  public void leave(Subscription subscription) {
    List<Subscription> left = new ArrayList<>(List.of(subscriptions));
    if (left.remove(subscription)) {
      subscriptions = left.toArray(NONE);
      subscription.leave();
      socket.desk().roster().leave(socket, subscription);
    }
  }

  /// Hears a channel no more, and is told so.
  ///
  /// @param resubscribe whether it may try again
  public void dropped(Subscription subscription, String reason, boolean resubscribe) {
    leave(subscription);
    socket
        .out()
        .say(
            Envelope.of(
                "channel.unsubscribed",
                json -> {
                  json.writeStartObject();
                  Opening.channel(json, "channel", subscription.channel());
                  json.writeStringField("reason", reason);
                  json.writeBooleanField("resubscribe", resubscribe);
                  json.writeEndObject();
                }));
  }

  /// Drops what somebody may not hear any more.
  ///
  /// @return the channels' names
  public List<String> dropForbidden(Principal who) {
    List<String> names = new ArrayList<>();
    for (Subscription one : subscriptions) {
      if (!who.may(ChannelAction.READ, one.channel())) {
        names.add(one.channel().name());
        dropped(one, "permission_revoked", false);
      }
    }
    return names;
  }

  /// As they are kept while the connection is gone.
  List<KeptSubscription> kept() {
    List<KeptSubscription> all = new ArrayList<>();
    for (Subscription one : subscriptions) {
      Position position = one.position();
      if (position != null) {
        all.add(new KeptSubscription(position, one.presence(), Set.copyOf(one.types()), true));
      }
    }
    return all;
  }

  /// Nobody hears any more.
  void clear() {
    for (Subscription one : subscriptions) {
      one.leave();
    }
    subscriptions = NONE;
  }

  // ---- how much it hears

  /// Hears nothing of some channels until it says so, or of all.
  public void pause(List<ChannelId> channels) {
    for (Subscription one : subscriptions) {
      if (channels.isEmpty() || channels.contains(one.channel())) {
        one.pause();
      }
    }
  }

  /// Hears again; what was left out is made good by snapshots.
  ///
  /// @param events after which it pauses by itself; negative for none
  public void resume(List<ChannelId> channels, int events) {
    credit = events;
    for (Subscription one : subscriptions) {
      boolean meant = channels.isEmpty() || channels.contains(one.channel());
      if (meant && one.isPaused() && one.resume()) {
        startOver(one);
      }
    }
  }

  /// Goes on with what was waiting for the client to read.
  void proceed() {
    for (Subscription one : subscriptions) {
      one.proceed();
    }
  }

  // ---- what subscriptions need

  @Override
  public ChannelSource source() {
    return socket.ground().source();
  }

  private Form form() {
    return socket.dialect().form();
  }

  @Override
  public boolean isSlow() {
    return socket.out().isSlow();
  }

  @Override
  public void hear(Subscription subscription, EncodedEvent event) {
    if (event.message().type().equals("channel.deleted")) {
      startOver(subscription);
    }
    socket.out().tell(subscription, event);
    if (credit > 0 && !event.isEphemeral() && --credit == 0) {
      pause(List.of());
    }
  }

  @Override
  public void hear(ChannelEvent event) {
    socket.out().push(event.type(), Envelopes.event(event, form()));
  }

  @Override
  public void caughtUp() {
    socket.out().flush();
  }

  @Override
  public void offLoop(Supplier<Runnable> work) {
    socket.tasks().offLoop(work);
  }

  @Override
  public void lost(Subscription subscription) {
    String name = subscription.channel().name();
    socket
        .faults()
        .warn(
            GatewayError.of(
                    GatewayCode.POSITION_LOST,
                    "What you missed of " + name + " is not kept any more. A snapshot follows.")
                .with("channel", name));
    startOver(subscription);
  }

  /// Makes a client whole that is not told what it missed.
  private void startOver(Subscription subscription) {
    subscription.reopen();
    Wish wish = Wish.from(subscription.channel(), "", Long.MAX_VALUE);
    Principal who = socket.visitor().known();
    offLoop(() -> {
      try {
        Opening opening = Openings.read(source(), wish, 1);
        return () -> restart(subscription, opening, who);
      } catch (ServiceException e) {
        return () -> dropped(subscription, "insufficient_state", true);
      }
    });
  }

  private void restart(Subscription subscription, Opening opening, Principal who) {
    if (subscription.isSeated()) {
      tellOpening(opening, who, true);
      subscription.opened(opening.epoch(), opening.offset());
      socket.out().flushNow();
    }
  }

  @Override
  public void ended(Subscription subscription) {
    dropped(subscription, "deleted", false);
    socket.out().flushNow();
  }
}

package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.live.limit.Line;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.live.session.KeptSubscription;
import dev.myelin.live.session.Position;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.live.session.SessionHolder;
import dev.myelin.live.timer.Timeout;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a connection: whose credential it showed and until when that holds,
/// its session, and what it hears.
///
/// Confined to the connection's event loop, but for what is volatile.
final class Visitor implements SessionHolder {
  private static final Subscription[] NONE = {};
  private static final Duration WARNING = Duration.ofSeconds(60);
  private static final int CLOSED_NORMALLY = 1000;

  private final GatewaySocket socket;
  private volatile @Nullable Principal principal;
  private volatile String clientId = "";
  private volatile Subscription[] subscriptions = NONE;
  private @Nullable GatewaySession session;
  private @Nullable Timeout expiry;
  private KeyWatch.@Nullable Watched watched;
  private @Nullable Line line;
  private boolean readOnly;
  private boolean leaving;
  private boolean replaced;

  /// Events that may still be told until it asks for more; negative if it did not say.
  private int credit = -1;

  Visitor(GatewaySocket socket) {
    this.socket = socket;
  }

  private Ground ground() {
    return socket.ground();
  }

  // ---- who

  @Nullable Principal principal() {
    return principal;
  }

  Principal known() {
    Principal now = principal;
    if (now == null) {
      throw new IllegalStateException("principal: none (expected: one that entered)");
    }
    return now;
  }

  boolean isEstablished() {
    return session != null;
  }

  String clientId() {
    return clientId;
  }

  /// Whether its token has expired, and it may only listen for a moment.
  boolean isReadOnly() {
    return readOnly;
  }

  GatewaySession session() {
    GatewaySession now = session;
    if (now == null) {
      throw new IllegalStateException("session: none (expected: one that entered)");
    }
    return now;
  }

  /// Somebody has shown who he is.
  void enter(Principal who, String client, GatewaySession with) {
    principal = who;
    clientId = client;
    session = with;
    socket.established();
    watch(who);
  }

  /// Was greeted already, and now says more exactly who is there.
  void startOver() {
    for (Subscription one : subscriptions) {
      leave(one);
    }
    GatewaySession before = session;
    if (before != null) {
      session = null;
      ground().live().presence().leaveAll(before.id());
      var _ = ground().live().sessions().end(before, this);
    }
  }

  /// Greets a client that showed in the handshake who it is, or need not.
  void greet(Principal who, Handshake handshake) {
    String client = handshake.clientId() == null ? "" : handshake.clientId();
    String wanted = handshake.sessionId();
    if (wanted == null) {
      greet(who, client, new Resuming(socket, Resuming.begin(socket, who, client), List.of()));
      return;
    }
    Payload resume = new Payload(Map.of("session_id", wanted));
    socket.offLoop(() -> {
      Resuming resuming = Resuming.of(socket, who, client, resume);
      return () -> {
        if (isEstablished()) {
          return; // it has said connection.init meanwhile
        }
        boolean fresh = resuming.session() == null;
        socket.gateway().metrics().resumed(fresh ? "fresh" : "resumed");
        greet(
            who,
            client,
            fresh
                ? new Resuming(socket, Resuming.begin(socket, who, client), List.of())
                : resuming);
        socket.flushNow();
      };
    });
  }

  private void greet(Principal who, String client, Resuming resuming) {
    GatewaySession with = resuming.session();
    if (with == null) {
      throw new IllegalArgumentException("resuming: no session (expected: one)");
    }
    enter(who, client, with);
    socket.push(
        Words.word(
            "welcome",
            null,
            json -> {
              json.writeStringField("connection_id", socket.id());
              json.writeStringField("session_id", with.id());
              json.writeStringField("server_version", ground().version());
            }));
    ChannelId own = who.ownChannel();
    List<Opening.Wish> wishes = new ArrayList<>(resuming.wishes());
    if (wishes.stream().noneMatch(wish -> wish.channel().equals(own))) {
      wishes.add(Opening.Wish.from(own, null, null));
    }
    Resuming all = new Resuming(socket, with, wishes);
    all.sit();
    socket.offLoop(() -> {
      List<Opening> openings = all.open();
      return () -> greeted(openings, own);
    });
  }

  private void greeted(List<Opening> openings, ChannelId own) {
    for (Opening opening : openings) {
      Subscription subscription = find(opening.channel());
      if (subscription != null && subscription.isOpening()) {
        if (!opening.channel().equals(own)) {
          socket.push(Words.subscribed(opening, 0));
        }
        opening.replayed(socket.dialect().form()).forEach(socket::push);
        subscription.opened(opening.epoch(), opening.offset());
      }
    }
    socket.gateway().listen(socket);
    socket.flushNow();
  }

  /// Has another token, of the same user.
  void renew(Principal who) {
    principal = who;
    readOnly = false;
    watch(who);
  }

  private void watch(Principal who) {
    if (watched != null) {
      watched.close();
    }
    watched =
        ground().access().keys().watchRevocation(who, () -> socket.execute(() -> revoked(who)));
    if (expiry != null) {
      expiry.cancel();
    }
    Instant end = who.expiresAt();
    expiry =
        end == null ? null : socket.later(untilEnd(end).minus(WARNING), () -> expiring(who, end));
  }

  private Duration untilEnd(Instant end) {
    return Duration.between(ground().clock().instant(), end);
  }

  private void revoked(Principal who) {
    if (who.equals(principal)) {
      socket.fail(
          GatewayError.of(
                  GatewayCode.INVALID_TOKEN,
                  "What this connection was opened with was revoked. Connect again with another"
                      + " credential.")
              .closing(),
          false);
    }
  }

  private void expiring(Principal who, Instant end) {
    if (!who.equals(principal)) {
      return;
    }
    socket.say(
        Envelope.of(
            "connection.token_expiring",
            json -> {
              json.writeStartObject();
              json.writeStringField("expires_at", Envelopes.time(end));
              json.writeNumberField("expires_in_ms", Math.max(0, untilEnd(end).toMillis()));
              json.writeEndObject();
            }));
    expiry = socket.later(untilEnd(end), () -> expired(who));
    socket.flushNow();
  }

  private void expired(Principal who) {
    if (who.equals(principal)) {
      readOnly = true;
      expiry = socket.later(ground().options().grace(), () -> graceOver(who));
    }
  }

  private void graceOver(Principal who) {
    if (who.equals(principal) && readOnly) {
      socket.fail(
          GatewayError.of(
                  GatewayCode.TOKEN_EXPIRED,
                  "The token has expired. Get another one, connect again and resume.")
              .closing(),
          true);
    }
  }

  /// Its rate limits.
  Line line() {
    Line made = line;
    if (made == null) {
      String otherwise = clientId.isEmpty() ? socket.handshake().address() : clientId;
      made = socket.gateway().limits().line(known(), otherwise);
      line = made;
    }
    return made;
  }

  // ---- what it hears

  int subscriptionCount() {
    return subscriptions.length;
  }

  Subscription[] subscriptions() {
    return subscriptions;
  }

  @Nullable Subscription find(ChannelId channel) {
    for (Subscription one : subscriptions) {
      if (one.channel().equals(channel)) {
        return one;
      }
    }
    return null;
  }

  /// Takes a seat in a channel: what happens from now on is heard, or known to be missed.
  Subscription sit(ChannelId channel) {
    Subscription known = find(channel);
    if (known != null) {
      known.reopen();
      return known;
    }
    Subscription made = new Subscription(socket, channel);
    Subscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
    more[subscriptions.length] = made;
    subscriptions = more;
    ground().fanOut().join(channel, made, socket.loop());
    return made;
  }

  /// Gives a seat up.
  void leave(Subscription subscription) {
    List<Subscription> left = new ArrayList<>(List.of(subscriptions));
    if (left.remove(subscription)) {
      subscriptions = left.toArray(NONE);
      subscription.leave();
      if (subscription.presence() != PresenceDetail.NONE) {
        subscription.presence(PresenceDetail.NONE);
        ground().live().presence().leave(subscription.channel(), session().id());
      }
    }
  }

  /// Hears a channel no more, and is told so.
  ///
  /// @param resubscribe whether it may try again
  void dropped(Subscription subscription, String reason, boolean resubscribe) {
    leave(subscription);
    socket.say(
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

  /// Drops what the principal may not hear any more.
  ///
  /// @return the channels' names
  List<String> dropForbidden() {
    Principal who = known();
    List<String> names = new ArrayList<>();
    for (Subscription one : subscriptions) {
      if (!who.may(ChannelAction.READ, one.channel())) {
        names.add(one.channel().name());
        dropped(one, "permission_revoked", false);
      }
    }
    return names;
  }

  /// Makes a client whole that cannot be told what it missed.
  void snapshot(Subscription subscription) {
    subscription.reopen();
    ChannelId channel = subscription.channel();
    Principal who = known();
    socket.offLoop(() -> {
      try {
        Opening opening =
            Opening.read(ground().source(), Opening.Wish.from(channel, "", Long.MAX_VALUE), 1);
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
      socket.flushNow();
    }
  }

  /// Tells that a channel is heard from here on, then what was missed.
  void tellOpening(Opening opening, Principal who, boolean already) {
    int online = socket.gateway().presence().online(socket, opening.channel());
    socket.say(
        new Envelope(
            "channel.subscribed",
            null,
            null,
            opening.channel().name(),
            json -> opening.write(json, who, online, already)));
    opening.replayed(socket.dialect().form()).forEach(socket::push);
  }

  /// Goes on with what was waiting for the client to read.
  void proceed() {
    for (Subscription one : subscriptions) {
      one.proceed();
    }
  }

  // ---- how much it hears

  /// Hears nothing of some channels until it says so, or of all.
  void pause(List<ChannelId> channels) {
    for (Subscription one : subscriptions) {
      if (channels.isEmpty() || channels.contains(one.channel())) {
        one.pause();
      }
    }
  }

  /// Hears again; what was left out is made good by snapshots.
  ///
  /// @param events after which it pauses by itself; negative for none
  void resume(List<ChannelId> channels, int events) {
    credit = events;
    for (Subscription one : subscriptions) {
      boolean meant = channels.isEmpty() || channels.contains(one.channel());
      if (meant && one.isPaused() && one.resume()) {
        snapshot(one);
      }
    }
  }

  /// Counts an event that was told.
  void spent() {
    if (credit > 0 && --credit == 0) {
      pause(List.of());
    }
  }

  // ---- the end

  /// The client closes: for good with 1000, else it may come back.
  void leaves(int code) {
    leaving = code == CLOSED_NORMALLY;
  }

  /// Somebody goes on with this session on another connection. Any thread.
  @Override
  public CompletionStage<List<KeptSubscription>> handOver() {
    CompletableFuture<List<KeptSubscription>> handed = new CompletableFuture<>();
    try {
      socket.loop().execute(() -> handed.complete(replaced()));
    } catch (RejectedExecutionException _) {
      handed.complete(List.of()); // the server ends
    }
    return handed;
  }

  private List<KeptSubscription> replaced() {
    List<KeptSubscription> all = kept();
    replaced = true;
    socket.fail(
        GatewayError.of(
                GatewayCode.SESSION_REPLACED,
                "This session goes on on another connection. Do not connect again.")
            .closing(),
        false);
    return all;
  }

  private List<KeptSubscription> kept() {
    List<KeptSubscription> all = new ArrayList<>();
    for (Subscription one : subscriptions) {
      Position position = one.position();
      if (position != null) {
        all.add(new KeptSubscription(position, one.presence(), Set.copyOf(one.types()), true));
      }
    }
    return all;
  }

  void gone() {
    if (watched != null) {
      watched.close();
      watched = null;
    }
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
    GatewaySession with = session;
    if (with != null && !replaced) {
      if (leaving) {
        ground().live().presence().leaveAll(with.id());
        var _ = ground().live().sessions().end(with, this);
      } else {
        ground().live().presence().dropped(with.id());
        var _ = ground().live().sessions().suspend(with, this, kept());
      }
    }
    for (Subscription one : subscriptions) {
      one.leave();
    }
    subscriptions = NONE;
  }
}

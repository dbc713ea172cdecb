package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.edge.gateway.subscription.Openings;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.live.session.KeptSubscription;
import dev.myelin.live.session.Position;
import dev.myelin.live.session.Resumed;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client that wants to go on with its session: which one, and what it hears again from where.
///
/// @param session null if it is gone, or not this client's
/// @param wishes what it heard and still may hear, from where it says it is
record Resuming(GatewaySocket socket, @Nullable GatewaySession session, List<Wish> wishes) {
  private static final long PATIENCE_SECONDS = 5;

  /// A session of its own.
  static GatewaySession begin(GatewaySocket socket, Principal principal, String client) {
    return socket
        .ground()
        .live()
        .sessions()
        .begin(principal.tenant(), principal.subject(), client, socket.visitor());
  }

  /// Takes the session over, if it is there. Blocks: another connection may have to hand it over.
  static Resuming of(GatewaySocket socket, Principal principal, String client, Payload resume) {
    Optional<Resumed> found =
        socket
            .ground()
            .live()
            .sessions()
            .resume(
                resume.text("session_id", ""),
                principal.tenant(),
                principal.subject(),
                client,
                socket.visitor())
            .toCompletableFuture()
            .completeOnTimeout(Optional.empty(), PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
    if (found.isEmpty()) {
      return new Resuming(socket, null, List.of());
    }
    Map<ChannelId, Wish> wishes = new LinkedHashMap<>();
    for (KeptSubscription kept : found.get().subscriptions()) {
      Position position = kept.position();
      if (principal.may(ChannelAction.READ, position.channel())) {
        wishes.put(
            position.channel(),
            new Wish(
                position.channel(),
                position.epoch(),
                position.offset(),
                0,
                List.copyOf(kept.types()),
                kept.presence()));
      }
    }
    Set<ChannelId> said = new HashSet<>();
    for (Object item : resume.list("positions")) {
      said(principal.tenant(), Payload.of(item), wishes, said);
    }
    String last = resume.text("last_event_id");
    if (last != null) {
      new LastEvent(socket.ground(), last).place(wishes, said);
    }
    return new Resuming(socket, found.get().session(), new ArrayList<>(wishes.values()));
  }

  /// The client knows best what has arrived.
  private static void said(
      String tenant, Payload position, Map<ChannelId, Wish> wishes, Set<ChannelId> said) {
    try {
      ChannelId channel = Names.channel(tenant, position.value("channel"));
      wishes.computeIfPresent(channel, (_, before) -> before.at(position));
      said.add(channel);
    } catch (ServiceException _) {
      // No channel: then it was not subscribed either.
    }
  }

  /// Takes seats in all the channels; on the event loop.
  void sit() {
    for (Wish wish : wishes) {
      Subscription subscription = socket.seats().sit(wish.channel());
      subscription.only(wish.types());
      subscription.presence(wish.presence());
      if (wish.offset() != null && wish.epoch() != null) {
        subscription.from(new Position(wish.channel(), wish.epoch(), wish.offset()));
      }
    }
    GatewaySession resumed = session;
    if (resumed != null) {
      var _ = socket.ground().live().presence().resumed(resumed.id());
    }
  }

  /// Reads what was missed. Blocks.
  List<Opening> open() {
    List<Opening> openings = new ArrayList<>();
    for (Wish wish : wishes) {
      try {
        openings.add(
            Openings.read(socket.ground().source(), wish, socket.ground().options().maxReplay()));
      } catch (ServiceException _) {
        // The channel is gone: it is missing among those that are heard again.
      }
    }
    return openings;
  }
}

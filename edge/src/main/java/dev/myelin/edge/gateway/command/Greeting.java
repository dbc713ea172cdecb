package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Handshake;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Greets clients that showed in the handshake who they are, or need not.
final class Greeting {
  private final SubscribeCommands channels;

  /// @param channels what those hear who only listen
  Greeting(SubscribeCommands channels) {
    this.channels = channels;
  }

  /// Greets a client that showed in the handshake who it is, or need not.
  void greet(GatewaySocket socket) {
    Handshake handshake = socket.handshake();
    Principal who = handshake.principal();
    if (who == null) {
      throw new IllegalArgumentException("principal: none (expected: one that needs no init)");
    }
    String client = handshake.clientId() == null ? "" : handshake.clientId();
    String wanted = handshake.sessionId();
    if (wanted == null || !socket.ground().options().switches().isOn(who.tenant(), "resume")) {
      greet(
          socket,
          who,
          client,
          new Resuming(socket, Resuming.begin(socket, who, client), List.of()));
      return;
    }
    Payload resume = new Payload(Map.of("session_id", wanted));
    socket
        .tasks()
        .offLoop(() -> {
          Resuming resuming = Resuming.of(socket, who, client, resume);
          return () -> {
            if (socket.visitor().isEstablished()) {
              return; // it has said connection.init meanwhile
            }
            boolean fresh = resuming.session() == null;
            socket.desk().metrics().resumed(fresh ? "fresh" : "resumed");
            greet(
                socket,
                who,
                client,
                fresh
                    ? new Resuming(socket, Resuming.begin(socket, who, client), List.of())
                    : resuming);
            socket.out().flushNow();
          };
        });
  }

  private void greet(GatewaySocket socket, Principal who, String client, Resuming resuming) {
    GatewaySession with = resuming.session();
    if (with == null) {
      throw new IllegalArgumentException("resuming: no session (expected: one)");
    }
    socket.visitor().enter(who, client, with);
    socket
        .out()
        .push(
            "welcome",
            Words.word(
                "welcome",
                null,
                json -> {
                  json.writeStringField("connection_id", socket.id());
                  json.writeStringField("session_id", with.id());
                  json.writeStringField("server_version", socket.ground().version());
                }));
    ChannelId own = who.ownChannel();
    List<Wish> wishes = new ArrayList<>(resuming.wishes());
    if (wishes.stream().noneMatch(wish -> wish.channel().equals(own))) {
      wishes.add(Wish.from(own, null, null));
    }
    Resuming all = new Resuming(socket, with, wishes);
    all.sit();
    socket
        .tasks()
        .offLoop(() -> {
          List<Opening> openings = all.open();
          return () -> greeted(socket, openings, own);
        });
  }

  private void greeted(GatewaySocket socket, List<Opening> openings, ChannelId own) {
    for (Opening opening : openings) {
      Subscription subscription = socket.seats().find(opening.channel());
      if (subscription != null && subscription.isOpening()) {
        if (!opening.channel().equals(own)) {
          socket.out().push("subscribed", opening.word(0));
        }
        socket.seats().replay(opening);
        subscription.opened(opening.epoch(), opening.offset());
      }
    }
    channels.listen(socket);
    socket.out().flushNow();
  }
}

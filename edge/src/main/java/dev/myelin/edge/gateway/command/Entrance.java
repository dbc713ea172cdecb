package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Visitor;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.edge.gateway.subscription.Openings;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where clients come in that were let in: with a session of their own, or with the one that they
/// had.
final class Entrance {
  private static final int MAX_FLUSH_MS = 500;
  private static final int FLUSH_MS = 20;

  private final SubscribeCommands channels;

  /// @param channels what those hear who only listen
  Entrance(SubscribeCommands channels) {
    this.channels = channels;
  }

  /// Begins a session.
  void begin(GatewaySocket socket, Inbound command, Entering entering) {
    Visitor visitor = socket.visitor();
    visitor.startOver();
    visitor.enter(
        entering.principal(),
        entering.client(),
        Resuming.begin(socket, entering.principal(), entering.client()));
    complete(socket, command, entering);
  }

  /// Goes on with a session, or begins a new one and says so.
  void resume(GatewaySocket socket, Inbound command, Entering entering, Payload resume) {
    Principal principal = entering.principal();
    socket
        .tasks()
        .offLoop(
            command,
            () -> {
              Resuming resuming = Resuming.of(socket, principal, entering.client(), resume);
              return () -> resumed(socket, command, entering, resuming);
            });
  }

  private void resumed(
      GatewaySocket socket, Inbound command, Entering entering, Resuming resuming) {
    GatewaySession session = resuming.session();
    socket.desk().metrics().resumed(session == null ? "fresh" : "resumed");
    if (session == null) {
      begin(socket, command, entering);
      return;
    }
    Principal principal = entering.principal();
    socket.visitor().startOver();
    socket.visitor().enter(principal, entering.client(), session);
    resuming.sit();
    socket
        .tasks()
        .offLoop(
            command,
            () -> {
              List<Opening> openings = resuming.open();
              Entering again = new Entering(principal, entering.client(), "resumed", openings);
              return () -> complete(socket, command, again);
            });
  }

  /// Lets the user's own channel be heard, and tells that all is set.
  private void complete(GatewaySocket socket, Inbound command, Entering entering) {
    ChannelId own = entering.principal().ownChannel();
    boolean heard = entering.openings().stream().anyMatch(one -> one.channel().equals(own));
    if (!heard) {
      socket.seats().sit(own);
    }
    socket
        .tasks()
        .offLoop(
            command,
            () -> {
              Opening first =
                  heard
                      ? null
                      : Openings.read(socket.ground().source(), Wish.from(own, null, null), 1);
              return () -> welcome(socket, command, entering, first);
            });
  }

  private void welcome(
      GatewaySocket socket, Inbound command, Entering entering, @Nullable Opening own) {
    List<String> capabilities =
        ConnectionAck.enabled(
            command.payload(),
            one -> socket.ground().options().switches().isOn(entering.principal().tenant(), one));
    socket
        .out()
        .reply(
            command,
            Words.reply(
                command,
                "connection.ack",
                json -> ConnectionAck.write(json, socket, entering, capabilities)));
    if (capabilities.contains("batch")) {
      int wait = command.payload().object("stream").number("flush_ms", FLUSH_MS);
      socket.out().batch(Duration.ofMillis(Math.clamp(wait, 1, MAX_FLUSH_MS)));
    }
    if (own != null) {
      socket.seats().tellOpening(own, entering.principal(), false);
      opened(socket, own);
    }
    for (Opening opening : entering.openings()) {
      socket.seats().replay(opening);
      opened(socket, opening);
      Subscription again = socket.seats().find(opening.channel());
      if (again != null) {
        socket.desk().roster().show(socket, again);
      }
    }
    channels.listen(socket);
  }

  private static void opened(GatewaySocket socket, Opening opening) {
    Subscription subscription = socket.seats().find(opening.channel());
    if (subscription != null) {
      subscription.opened(opening.epoch(), opening.offset());
    }
  }
}

package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets connections hear channels no more.
final class UnsubscribeCommands {
  void unsubscribe(GatewaySocket socket, Inbound command) {
    List<?> items = command.payload().list("channels");
    GatewayError tooFast = socket.desk().limits().refuse(socket, command, items.size());
    if (tooFast != null) {
      socket.faults().refuse(command, tooFast);
      return;
    }
    List<String> left = new ArrayList<>();
    for (Object item : items) {
      Subscription subscription = subscription(socket, item);
      if (subscription != null) {
        left.add(subscription.channel().name());
        socket.seats().dropped(subscription, "client", true);
      }
    }
    Map<String, Object> result = Map.of("unsubscribed", left);
    socket.out().reply(command, Words.ack(command, left.isEmpty() ? "noop" : "accepted", result));
  }

  void unsubscribeSimple(GatewaySocket socket, Inbound command) {
    Object name = command.payload().value("channel");
    Subscription subscription = subscription(socket, name);
    if (subscription != null) {
      socket.seats().leave(subscription);
    }
    socket.out().push("unsubscribed", Words.word("unsubscribed", Names.shown(name), null));
  }

  /// The subscription that is meant: by its channel's name or, alone, by its id.
  private static @Nullable Subscription subscription(GatewaySocket socket, @Nullable Object name) {
    for (Subscription one : socket.seats().all()) {
      String shown = Names.shown(name);
      if (one.channel().name().equals(shown) || one.channel().id().equals(shown)) {
        return one;
      }
    }
    return null;
  }
}

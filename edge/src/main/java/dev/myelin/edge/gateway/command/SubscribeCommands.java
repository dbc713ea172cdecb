package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Seats;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.edge.gateway.subscription.Openings;
import dev.myelin.edge.gateway.subscription.Subscription;
import dev.myelin.edge.gateway.subscription.Wish;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets connections hear channels.
final class SubscribeCommands {
  /// One channel of a command, and what became of it.
  private static final class Entry {
    final String name;
    @Nullable Wish wish;
    @Nullable Opening opening;
    @Nullable GatewayError error;
    boolean already;

    Entry(String name) {
      this.name = name;
    }
  }

  void subscribe(GatewaySocket socket, Inbound command) {
    List<?> items = command.payload().list("channels");
    GatewayError tooFast = socket.desk().limits().refuse(socket, command, items.size());
    if (tooFast != null) {
      socket.faults().refuse(command, tooFast);
      return;
    }
    List<Entry> entries = entries(socket, items);
    open(
        socket,
        command,
        entries,
        () -> {
          List<String> subscribed = new ArrayList<>();
          List<String> failed = new ArrayList<>();
          for (Entry entry : entries) {
            if (tell(socket, command, entry)) {
              subscribed.add(entry.name);
            } else {
              failed.add(entry.name);
            }
          }
          Map<String, Object> result = new LinkedHashMap<>();
          result.put("subscribed", subscribed);
          result.put("failed", failed);
          socket
              .out()
              .reply(
                  command,
                  Words.ack(command, subscribed.isEmpty() ? "rejected" : "accepted", result));
        });
  }

  /// Listens on behalf of a client that takes no commands, to what its address named.
  void listen(GatewaySocket socket) {
    List<String> names = socket.handshake().channels();
    if (!names.isEmpty()) {
      Inbound command =
          new Inbound(
              null,
              "channel.subscribe",
              Payload.EMPTY,
              null,
              null,
              socket.dialect(),
              Payload.EMPTY,
              System.nanoTime());
      List<Entry> entries = entries(socket, names);
      open(socket, command, entries, () -> entries.forEach(entry -> tell(socket, command, entry)));
    }
  }

  private static List<Entry> entries(GatewaySocket socket, List<?> items) {
    List<Entry> entries = new ArrayList<>();
    boolean showsPresence =
        socket.ground().options().switches().isOn(socket.visitor().known().tenant(), "presence");
    for (Object item : items) {
      Entry entry = new Entry(Names.shown(item));
      Payload wanted = Payload.of(item);
      try {
        ChannelId channel = Names.readable(socket.visitor().known(), item);
        entry.wish =
            new Wish(
                channel,
                wanted.text("epoch"),
                wanted.number("offset"),
                wanted.number("rewind", 0),
                wanted.object("filter").texts("types"),
                PresenceCommands.detail(showsPresence ? wanted.text("presence", "none") : "none"));
        sit(socket, entry, channel);
      } catch (ServiceException e) {
        entry.error = GatewayError.of(e);
      }
      entries.add(entry);
    }
    return entries;
  }

  private static void sit(GatewaySocket socket, Entry entry, ChannelId channel) {
    Seats seats = socket.seats();
    int most = socket.ground().options().maxChannels();
    entry.already = seats.find(channel) != null;
    if (!entry.already && seats.count() > most) {
      entry.error =
          GatewayError.of(
                  GatewayCode.RATE_LIMIT_EXCEEDED,
                  "A connection may hear " + most + " channels. Unsubscribe from others first.")
              .with("limit", most);
    } else {
      seats.sit(channel);
    }
  }

  /// Reads what the entries begin with, then has them told.
  private static void open(
      GatewaySocket socket, Inbound command, List<Entry> entries, Runnable then) {
    socket
        .tasks()
        .offLoop(
            command,
            () -> {
              for (Entry entry : entries) {
                Wish wish = entry.wish;
                if (wish != null && entry.error == null) {
                  try {
                    entry.opening =
                        Openings.read(
                            socket.ground().source(), wish, socket.ground().options().maxReplay());
                  } catch (ServiceException e) {
                    entry.error = GatewayError.of(e);
                  }
                }
              }
              return then;
            });
  }

  private static boolean tell(GatewaySocket socket, Inbound command, Entry entry) {
    Opening opening = entry.opening;
    Wish wish = entry.wish;
    Subscription subscription = wish == null ? null : socket.seats().find(wish.channel());
    if (opening == null || wish == null || subscription == null) {
      if (subscription != null && !entry.already) {
        socket.seats().leave(subscription);
      }
      GatewayError error =
          entry.error == null
              ? GatewayError.of(GatewayCode.CHANNEL_NOT_FOUND, "There is no such channel.")
              : entry.error;
      socket.faults().part(error.with("channel", entry.name).of(command.type()), command);
      return false;
    }
    subscription.only(wish.types());
    socket.desk().roster().join(socket, subscription, wish.presence());
    socket.seats().tellOpening(opening, socket.visitor().known(), entry.already);
    socket.desk().roster().show(socket, subscription);
    subscription.opened(opening.epoch(), opening.offset());
    return true;
  }

  void subscribeSimple(GatewaySocket socket, Inbound command) {
    GatewayError tooFast = socket.desk().limits().refuse(socket, command, 1);
    if (tooFast != null) {
      socket.faults().refuse(command, tooFast);
      return;
    }
    Object name = command.payload().value("channel");
    List<Entry> entries = entries(socket, List.of(name == null ? "" : name));
    open(
        socket,
        command,
        entries,
        () -> {
          Entry entry = entries.getFirst();
          Opening opening = entry.opening;
          Subscription subscription =
              opening == null ? null : socket.seats().find(opening.channel());
          if (opening == null || subscription == null) {
            GatewayError error =
                entry.error == null
                    ? GatewayError.of(GatewayCode.CHANNEL_NOT_FOUND, "There is no such channel.")
                    : entry.error;
            leaveUnopened(socket, entry);
            socket.faults().refuse(command, error.with("channel", entry.name));
            return;
          }
          socket
              .out()
              .push("subscribed", opening.word(socket.desk().roster().online(opening.channel())));
          socket.seats().replay(opening);
          subscription.opened(opening.epoch(), opening.offset());
        });
  }

  private static void leaveUnopened(GatewaySocket socket, Entry entry) {
    Wish wish = entry.wish;
    Subscription seat = wish == null ? null : socket.seats().find(wish.channel());
    if (seat != null && !entry.already) {
      socket.seats().leave(seat);
    }
  }
}

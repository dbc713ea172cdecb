package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.CommandKey;
import dev.myelin.live.channel.NewEvent;
import dev.myelin.live.channel.Published;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What clients ask of channels: to hear them, what was said, and to say something.
final class ChannelCommands {
  private static final int MAX_HISTORY = 200;
  private static final int DEFAULT_HISTORY = 50;

  /// Families of events that only the server tells.
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "channel",
          "chat",
          "message",
          "assistant",
          "tool",
          "file",
          "team",
          "agent",
          "document",
          "conversation",
          "preference",
          "memory",
          "system",
          "quota",
          "library");

  // ---- subscribing

  /// One channel of a command, and what became of it.
  private static final class Entry {
    final String name;
    Opening.@Nullable Wish wish;
    @Nullable Opening opening;
    @Nullable GatewayError error;
    boolean already;

    Entry(String name) {
      this.name = name;
    }
  }

  void subscribe(GatewaySocket socket, Inbound command) {
    List<?> items = command.payload().list("channels");
    GatewayError tooFast = socket.gateway().limits().refuse(socket, command, items.size());
    if (tooFast != null) {
      socket.refuse(command, tooFast);
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
          socket.reply(
              command, Words.ack(command, subscribed.isEmpty() ? "rejected" : "accepted", result));
        });
  }

  /// Listens to channels on behalf of a client that takes no commands.
  void listen(GatewaySocket socket, Inbound command, List<String> names) {
    List<Entry> entries = entries(socket, names);
    open(socket, command, entries, () -> entries.forEach(entry -> tell(socket, command, entry)));
  }

  private static List<Entry> entries(GatewaySocket socket, List<?> items) {
    List<Entry> entries = new ArrayList<>();
    for (Object item : items) {
      Entry entry = new Entry(Names.shown(item));
      Payload wanted = Payload.of(item);
      try {
        ChannelId channel = readable(socket, item);
        entry.wish =
            new Opening.Wish(
                channel,
                wanted.text("epoch"),
                wanted.number("offset"),
                wanted.number("rewind", 0),
                wanted.object("filter").texts("types"),
                PresenceCommands.detail(wanted.text("presence", "none")));
        sit(socket, entry, channel);
      } catch (ServiceException e) {
        entry.error = GatewayError.of(e);
      }
      entries.add(entry);
    }
    return entries;
  }

  private static void sit(GatewaySocket socket, Entry entry, ChannelId channel) {
    Visitor visitor = socket.visitor();
    int most = socket.ground().options().maxChannels();
    entry.already = visitor.find(channel) != null;
    if (!entry.already && visitor.subscriptionCount() > most) {
      entry.error =
          GatewayError.of(
                  GatewayCode.RATE_LIMIT_EXCEEDED,
                  "A connection may hear " + most + " channels. Unsubscribe from others first.")
              .with("limit", most);
    } else {
      visitor.sit(channel);
    }
  }

  /// The channel of a name, if the client may hear it.
  ///
  /// @throws ServiceException INVALID_CHANNEL if not; it is not said whether there is such a one
  private static ChannelId readable(GatewaySocket socket, @Nullable Object name) {
    Principal principal = socket.visitor().known();
    ChannelId channel = Names.channel(principal.tenant(), name);
    if (!principal.may(ChannelAction.READ, channel)) {
      throw Refusals.noSuch(channel);
    }
    return channel;
  }

  /// Reads what the entries begin with, then has them told.
  private static void open(
      GatewaySocket socket, Inbound command, List<Entry> entries, Runnable then) {
    socket.offLoop(
        command,
        () -> {
          for (Entry entry : entries) {
            Opening.Wish wish = entry.wish;
            if (wish != null && entry.error == null) {
              try {
                entry.opening =
                    Opening.read(
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
    Opening.Wish wish = entry.wish;
    Subscription subscription = wish == null ? null : socket.visitor().find(wish.channel());
    if (opening == null || wish == null || subscription == null) {
      if (subscription != null && !entry.already) {
        socket.visitor().leave(subscription);
      }
      GatewayError error =
          entry.error == null
              ? GatewayError.of(GatewayCode.CHANNEL_NOT_FOUND, "There is no such channel.")
              : entry.error;
      socket.say(error.with("channel", entry.name).of(command.type()), command);
      return false;
    }
    subscription.only(wish.types());
    socket.gateway().presence().join(socket, subscription, wish.presence());
    socket.visitor().tellOpening(opening, socket.visitor().known(), entry.already);
    socket.gateway().presence().show(socket, subscription);
    subscription.opened(opening.epoch(), opening.offset());
    return true;
  }

  void subscribeSimple(GatewaySocket socket, Inbound command) {
    GatewayError tooFast = socket.gateway().limits().refuse(socket, command, 1);
    if (tooFast != null) {
      socket.refuse(command, tooFast);
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
              opening == null ? null : socket.visitor().find(opening.channel());
          if (opening == null || subscription == null) {
            GatewayError error =
                entry.error == null
                    ? GatewayError.of(GatewayCode.CHANNEL_NOT_FOUND, "There is no such channel.")
                    : entry.error;
            leaveUnopened(socket, entry);
            socket.refuse(command, error.with("channel", entry.name));
            return;
          }
          socket.push(
              Words.subscribed(
                  opening, socket.gateway().presence().online(socket, opening.channel())));
          opening.replayed(socket.dialect().form()).forEach(socket::push);
          subscription.opened(opening.epoch(), opening.offset());
        });
  }

  private static void leaveUnopened(GatewaySocket socket, Entry entry) {
    Opening.Wish wish = entry.wish;
    Subscription seat = wish == null ? null : socket.visitor().find(wish.channel());
    if (seat != null && !entry.already) {
      socket.visitor().leave(seat);
    }
  }

  // ---- unsubscribing

  void unsubscribe(GatewaySocket socket, Inbound command) {
    List<?> items = command.payload().list("channels");
    GatewayError tooFast = socket.gateway().limits().refuse(socket, command, items.size());
    if (tooFast != null) {
      socket.refuse(command, tooFast);
      return;
    }
    List<String> left = new ArrayList<>();
    for (Object item : items) {
      Subscription subscription = subscription(socket, item);
      if (subscription != null) {
        left.add(subscription.channel().name());
        socket.visitor().dropped(subscription, "client", true);
      }
    }
    Map<String, Object> result = Map.of("unsubscribed", left);
    socket.reply(command, Words.ack(command, left.isEmpty() ? "noop" : "accepted", result));
  }

  void unsubscribeSimple(GatewaySocket socket, Inbound command) {
    Object name = command.payload().value("channel");
    Subscription subscription = subscription(socket, name);
    if (subscription != null) {
      socket.visitor().leave(subscription);
    }
    socket.push(Words.word("unsubscribed", Names.shown(name), null));
  }

  /// The subscription that is meant: by its channel's name or, alone, by its id.
  private static @Nullable Subscription subscription(GatewaySocket socket, @Nullable Object name) {
    for (Subscription one : socket.visitor().subscriptions()) {
      String shown = Names.shown(name);
      if (one.channel().name().equals(shown) || one.channel().id().equals(shown)) {
        return one;
      }
    }
    return null;
  }

  // ---- history

  void history(GatewaySocket socket, Inbound command) {
    ChannelId channel = readable(socket, about(command));
    Payload wanted = command.payload();
    GatewayError tooFast = socket.gateway().limits().refuse(socket, command, 1);
    if (tooFast != null) {
      socket.refuse(command, tooFast);
      return;
    }
    int limit = Math.clamp(wanted.number("limit", DEFAULT_HISTORY), 1, MAX_HISTORY);
    Long before = wanted.number("before");
    Long after = wanted.number("after");
    socket.offLoop(
        command,
        () -> {
          ChannelEnd end = socket.ground().source().end(channel);
          long top = before == null ? end.offset() + 1 : before;
          long from = after != null ? after : Math.max(end.oldest(), top - 1 - limit);
          ChannelPage page =
              from >= end.offset()
                  ? new ChannelPage(end.epoch(), List.of(), from, false)
                  : socket.ground().source().read(channel, from, limit);
          List<ChannelEvent> events =
              page.events().stream()
                  .filter(event -> before == null || event.offset() < before)
                  .toList();
          boolean more = after != null ? page.more() : from > end.oldest();
          return () ->
              socket.reply(
                  command,
                  Words.reply(
                      command,
                      "channel.history",
                      json -> {
                        json.writeStartObject();
                        Opening.channel(json, "channel", channel);
                        json.writeStringField("epoch", page.epoch());
                        json.writeBooleanField("has_more", more);
                        json.writeArrayFieldStart("events");
                        for (ChannelEvent event : events) {
                          Envelopes.event(json, event, command.dialect().form(), true);
                        }
                        json.writeEndArray();
                        json.writeEndObject();
                      }));
        });
  }

  private static @Nullable Object about(Inbound command) {
    Object inside = command.payload().value("channel");
    return inside == null ? command.channel() : inside;
  }

  // ---- publishing

  void publish(GatewaySocket socket, Inbound command) {
    Principal principal = socket.visitor().known();
    ChannelId channel = readable(socket, about(command));
    String type = command.payload().text("type", "");
    GatewayError refusal = refusal(principal, channel, type);
    if (refusal == null) {
      refusal = socket.gateway().limits().refuse(socket, command, 1);
    }
    if (refusal != null) {
      socket.refuse(command, refusal);
      return;
    }
    byte[] payload =
        JsonText.write(json -> JsonText.value(json, command.payload().object("payload").members()));
    if (payload.length > GatewayOptions.INLINE_MAX_BYTES) {
      socket.refuse(
          command,
          GatewayError.of(
                  GatewayCode.INVALID_MESSAGE_FORMAT,
                  "The payload has " + payload.length + " bytes. Send less, or a reference.")
              .named("MESSAGE_TOO_LARGE")
              .with("max_bytes", GatewayOptions.INLINE_MAX_BYTES));
      return;
    }
    CommandKey key = key(socket, command, channel, type, payload);
    NewEvent event = new NewEvent(type, payload, command.correlationId(), principal.subject(), key);
    socket.began();
    var _ =
        socket
            .ground()
            .channels()
            .publish(channel, event)
            .whenComplete((published, failure) ->
                socket.over(() -> published(socket, command, published, failure)));
  }

  private static @Nullable GatewayError refusal(
      Principal principal, ChannelId channel, String type) {
    String family = type.substring(0, Math.max(0, type.indexOf('.')));
    if (RESERVED.contains(family)) {
      return GatewayError.of(
              GatewayCode.INVALID_MESSAGE_FORMAT,
              "Events " + family + ".* are told by the server. Publish one with a name of yours.")
          .with("known_family", true);
    }
    if (channel.type() == ChannelType.LIBRARY || !principal.maySend(type, channel)) {
      return GatewayError.of(
              GatewayCode.PERMISSION_DENIED,
              "You may not publish " + type + " to " + channel.name() + ".")
          .with("required", channel.name() + ":write")
          .with("channel", channel.name());
    }
    return null;
  }

  private static @Nullable CommandKey key(
      GatewaySocket socket, Inbound command, ChannelId channel, String type, byte[] payload) {
    if (command.id() == null) {
      return null;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((channel.name() + " " + type + " ").getBytes(StandardCharsets.UTF_8));
      return new CommandKey(
          socket.visitor().known().subject(),
          socket.visitor().clientId(),
          command.id(),
          digest.digest(payload));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static void published(
      GatewaySocket socket,
      Inbound command,
      @Nullable Published published,
      @Nullable Throwable failure) {
    if (published != null) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("event_id", published.eventId());
      result.put("epoch", published.epoch());
      result.put("offset", published.offset());
      String status = published.duplicate() ? "duplicate" : "accepted";
      socket.reply(command, Words.ack(command, status, result));
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ServiceException e) {
      GatewayError error = GatewayError.of(e);
      socket.refuse(
          command,
          error.code() == GatewayCode.CONFLICT ? error.named("IDEMPOTENCY_MISMATCH") : error);
    } else {
      throw new IllegalStateException("publishing failed", cause);
    }
  }
}

package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.GatewayError.Violation;
import dev.myelin.model.Excerpt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients may ask for: checks a message, then has it carried out by those whose matter it is.
///
/// All methods on the connection's event loop.
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
  private static final List<String> FAMILIES =
      List.of(
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
          "quota");

  /// What a client that only listens may say, and one whose token has expired.
  private static final Set<String> ALWAYS =
      Set.of("connection.heartbeat", "connection.refresh", "connection.flow");

  private static final Set<String> BEFORE = Set.of("connection.init", "connection.reconnect");

  private final Schemas schemas;
  private final RecentCommands recent;
  private final GatewayMetrics metrics;
  private final ConnectionCommands connection = new ConnectionCommands();
  private final ChannelCommands channels = new ChannelCommands();
  private final PresenceCommands presence;

  Commands(
      Schemas schemas, RecentCommands recent, GatewayMetrics metrics, PresenceCommands presence) {
    this.schemas = schemas;
    this.recent = recent;
    this.metrics = metrics;
    this.presence = presence;
  }

  /// Listens to channels on behalf of a client that takes no commands.
  void listen(GatewaySocket socket, List<String> names) {
    Inbound command =
        new Inbound(
            null, "channel.subscribe", Payload.EMPTY, null, null, socket.dialect(), Payload.EMPTY);
    channels.listen(socket, command, names);
  }

  void handle(GatewaySocket socket, Inbound message) {
    metrics.received(message.type());
    LOG.atDebug()
        .addKeyValue("connection", socket.id())
        .addKeyValue("correlation", message.correlationId())
        .addKeyValue("type", message.type())
        .log("a command");
    if (message.dialect() == Dialect.SIMPLE) {
      simple(socket, message);
    } else if (schemas.isReady()) {
      checked(socket, message);
    } else {
      socket.offLoop(
          message,
          () -> {
            schemas.prepare();
            return () -> checked(socket, message);
          });
    }
  }

  // ---- words

  private void simple(GatewaySocket socket, Inbound message) {
    GatewayError refusal = refusal(socket, message);
    if (message.type().equals("ping")) {
      socket.push(Words.word("pong", null, null));
    } else if (refusal != null) {
      socket.refuse(message, refusal);
    } else {
      switch (message.type()) {
        case "subscribe" -> channels.subscribeSimple(socket, message);
        case "unsubscribe" -> channels.unsubscribeSimple(socket, message);
        case "ack" -> {
          // Positions say what has arrived; there is nothing to do.
        }
        default -> socket.refuse(message, unknown(message));
      }
    }
  }

  // ---- events

  private void checked(GatewaySocket socket, Inbound message) {
    if (!schemas.types().contains(message.type())) {
      socket.refuse(message, unknown(message));
      return;
    }
    List<Violation> violations = schemas.check(message);
    if (!violations.isEmpty()) {
      socket.refuse(message, invalid(message, violations));
      return;
    }
    GatewayError refusal = refusal(socket, message);
    if (refusal != null) {
      socket.refuse(message, refusal);
      return;
    }
    switch (recent.look(socket.id(), message)) {
      case NEW -> carryOut(socket, message);
      case REPEATED -> repeated(socket, message);
      case MISMATCH ->
          socket.refuse(
              message,
              GatewayError.of(
                      GatewayCode.CONFLICT,
                      "Another command had the id "
                          + Excerpt.of(String.valueOf(message.id()))
                          + ". Give each command an id of its own.")
                  .named("IDEMPOTENCY_MISMATCH"));
    }
  }

  private void repeated(GatewaySocket socket, Inbound message) {
    if (message.type().equals("channel.publish")
        || message.type().equals("channel.history")
        || message.type().equals("connection.heartbeat")) {
      carryOut(socket, message); // the log knows, or it does no harm
    } else {
      socket.reply(message, Words.ack(message, "duplicate", Map.of()));
    }
  }

  /// Why a message cannot be taken now, or from this client; null if it can.
  private static @Nullable GatewayError refusal(GatewaySocket socket, Inbound message) {
    String type = message.type();
    Visitor visitor = socket.visitor();
    if (!visitor.isEstablished()) {
      return BEFORE.contains(type)
          ? null
          : GatewayError.of(
              GatewayCode.INVALID_TOKEN, "Who are you? Send connection.init with a token first.");
    }
    if (ALWAYS.contains(type)) {
      return null;
    }
    if (visitor.isReadOnly()) {
      return GatewayError.of(
          GatewayCode.TOKEN_EXPIRED,
          "The token has expired. Send connection.refresh with another one, then try again.");
    }
    if (socket.handshake().listensOnly() && !BEFORE.contains(type)) {
      return GatewayError.of(
          GatewayCode.PERMISSION_DENIED,
          "This connection only listens (expected: heartbeats). Send commands on /ws.");
    }
    return null;
  }

  private void carryOut(GatewaySocket socket, Inbound message) {
    switch (message.type()) {
      case "connection.init" -> connection.init(socket, message);
      case "connection.reconnect" -> connection.reconnect(socket, message);
      case "connection.refresh" -> connection.refresh(socket, message);
      case "connection.heartbeat" -> connection.heartbeat(socket, message);
      case "connection.flow" -> connection.flow(socket, message);
      case "channel.subscribe" -> channels.subscribe(socket, message);
      case "channel.unsubscribe" -> channels.unsubscribe(socket, message);
      case "channel.history" -> channels.history(socket, message);
      case "channel.publish" -> channels.publish(socket, message);
      case "channel.presence", "team.presence.update" -> presence.presence(socket, message);
      default -> socket.refuse(message, unknown(message));
    }
  }

  private static GatewayError invalid(Inbound message, List<Violation> violations) {
    Violation first = violations.getFirst();
    return GatewayError.of(
            GatewayCode.INVALID_MESSAGE_FORMAT,
            message.type()
                + " is not what its schema says at "
                + (first.path().isEmpty() ? "/" : first.path())
                + ": "
                + first.message())
        .with(violations);
  }

  private static GatewayError unknown(Inbound message) {
    int dot = message.type().indexOf('.');
    String family = dot < 0 ? "" : message.type().substring(0, dot);
    boolean known = FAMILIES.contains(family);
    return GatewayError.of(
            GatewayCode.INVALID_MESSAGE_FORMAT,
            known
                ? "This server does not take "
                    + Excerpt.of(message.type())
                    + ". See /asyncapi.json for what it takes."
                : "Unknown type: "
                    + Excerpt.of(message.type())
                    + " (expected: one of those in /asyncapi.json).")
        .with("known_family", known);
  }
}

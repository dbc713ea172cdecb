package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.GatewayError.Violation;
import dev.myelin.edge.gateway.command.RecentCommands.Known;
import dev.myelin.edge.gateway.connection.GatewayMetrics;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Talk;
import dev.myelin.edge.gateway.connection.Visitor;
import dev.myelin.edge.gateway.message.Dialect;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Schemas;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.model.Excerpt;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients may ask for: checks a message, then has it carried out by those whose matter it is.
///
/// All methods on the connection's event loop.
public final class Commands implements Talk {
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
  private final SubscribeCommands subscribing = new SubscribeCommands();
  private final UnsubscribeCommands unsubscribing = new UnsubscribeCommands();
  private final HistoryCommand history = new HistoryCommand();
  private final PublishCommand publishing = new PublishCommand();
  private final PresenceCommands presence = new PresenceCommands();
  private final EnterCommands entering = new EnterCommands(new Entrance(subscribing));
  private final StayCommands staying = new StayCommands();
  private final Greeting greeting = new Greeting(subscribing);

  /// @param schemas what clients may send
  public Commands(Schemas schemas, InstantSource clock, GatewayMetrics metrics) {
    this.schemas = schemas;
    this.recent = new RecentCommands(clock);
    this.metrics = metrics;
  }

  @Override
  public void greet(GatewaySocket socket) {
    greeting.greet(socket);
  }

  @Override
  public void handle(GatewaySocket socket, Inbound message) {
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
      socket
          .tasks()
          .offLoop(
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
      socket.out().push("pong", Words.word("pong", null, null));
    } else if (refusal != null) {
      socket.faults().refuse(message, refusal);
    } else {
      switch (message.type()) {
        case "subscribe" -> subscribing.subscribeSimple(socket, message);
        case "unsubscribe" -> unsubscribing.unsubscribeSimple(socket, message);
        case "ack" -> {
          // Positions say what has arrived; there is nothing to do.
        }
        default -> socket.faults().refuse(message, unknown(message));
      }
    }
  }

  // ---- events

  private void checked(GatewaySocket socket, Inbound message) {
    if (!schemas.types().contains(message.type())) {
      socket.faults().refuse(message, unknown(message));
      return;
    }
    List<Violation> violations = schemas.check(message);
    if (!violations.isEmpty()) {
      socket.faults().refuse(message, invalid(message, violations));
      return;
    }
    GatewayError refusal = refusal(socket, message);
    if (refusal != null) {
      socket.faults().refuse(message, refusal);
      return;
    }
    switch (recent.look(scope(socket, message), message)) {
      case Known.New _ -> carryOut(socket, message);
      case Known.Repeated repeated -> repeated(socket, message, repeated.reply());
      case Known.Mismatch _ ->
          socket
              .faults()
              .refuse(
                  message,
                  GatewayError.of(
                          GatewayCode.CONFLICT,
                          "Another command had the id "
                              + Excerpt.of(String.valueOf(message.id()))
                              + ". Give each command an id of its own.")
                      .named("IDEMPOTENCY_MISMATCH"));
    }
  }

  /// What a command is done to: what is said of the connection, to that one; the rest to the
  /// session, which goes on when the client comes back.
  private static String scope(GatewaySocket socket, Inbound message) {
    boolean ofConnection = message.type().startsWith("connection.");
    return ofConnection || !socket.visitor().isEstablished()
        ? socket.id()
        : socket.visitor().session().id();
  }

  @Override
  public void answered(GatewaySocket socket, Inbound command, @Nullable Envelope reply) {
    if (command.dialect() == Dialect.SIMPLE) {
      return; // words have no ids
    }
    if (reply == null) {
      recent.refused(scope(socket, command), command);
    } else if (!isHarmless(command)) {
      recent.answered(scope(socket, command), command, reply);
    }
  }

  /// Whether it may be carried out again: the log knows of it, or it does no harm.
  private static boolean isHarmless(Inbound message) {
    return message.type().equals("channel.publish")
        || message.type().equals("channel.history")
        || message.type().equals("connection.heartbeat");
  }

  private void repeated(GatewaySocket socket, Inbound message, Envelope reply) {
    if (isHarmless(message)) {
      carryOut(socket, message);
    } else {
      socket.out().again(message, reply);
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
    String capability = capability(type);
    if (capability != null
        && !socket.ground().options().switches().isOn(visitor.known().tenant(), capability)) {
      return GatewayError.of(
          GatewayCode.PERMISSION_DENIED,
          "Switched off here: " + capability + ". See capabilities in connection.ack.");
    }
    if (socket.handshake().listensOnly() && !BEFORE.contains(type)) {
      return GatewayError.of(
          GatewayCode.PERMISSION_DENIED,
          "This connection only listens (expected: heartbeats). Send commands on /ws.");
    }
    return null;
  }

  /// What a command is a part of that can be switched off; null if it is none.
  private static @Nullable String capability(String type) {
    return switch (type) {
      case "channel.presence", "team.presence.update" -> "presence";
      case "channel.history" -> "history";
      case "connection.flow" -> "flow";
      default -> null;
    };
  }

  private void carryOut(GatewaySocket socket, Inbound message) {
    switch (message.type()) {
      case "connection.init" -> entering.init(socket, message);
      case "connection.reconnect" -> entering.reconnect(socket, message);
      case "connection.refresh" -> staying.refresh(socket, message);
      case "connection.heartbeat" -> staying.heartbeat(socket, message);
      case "connection.flow" -> staying.flow(socket, message);
      case "channel.subscribe" -> subscribing.subscribe(socket, message);
      case "channel.unsubscribe" -> unsubscribing.unsubscribe(socket, message);
      case "channel.history" -> history.history(socket, message);
      case "channel.publish" -> publishing.publish(socket, message);
      case "channel.presence", "team.presence.update" -> presence.presence(socket, message);
      default -> socket.faults().refuse(message, unknown(message));
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

package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.Switches;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Dialect;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.live.connection.Admission;
import dev.myelin.live.token.TokenException;
import dev.myelin.model.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets clients in that say who they are, if they may come in.
final class EnterCommands {
  private final Entrance entrance;

  /// @param entrance where they go then
  EnterCommands(Entrance entrance) {
    this.entrance = entrance;
  }

  void init(GatewaySocket socket, Inbound command) {
    enter(socket, command, command.payload().has("resume") ? "resume" : "");
  }

  void reconnect(GatewaySocket socket, Inbound command) {
    enter(socket, command, "reconnect");
  }

  private void enter(GatewaySocket socket, Inbound command, String how) {
    Payload payload = command.payload();
    if (!speaks(payload)) {
      socket
          .faults()
          .refuse(
              command,
              GatewayError.of(
                      GatewayCode.UNSUPPORTED_VERSION,
                      "None of these versions is spoken here (expected: 1.0).")
                  .closing());
      return;
    }
    Principal principal;
    try {
      principal = identify(socket, payload);
    } catch (TokenException e) {
      socket.faults().refuse(command, refused(e).closing());
      return;
    }
    Switches switches = socket.ground().options().switches();
    if (!switches.isOn(principal.tenant())) {
      socket
          .faults()
          .refuse(
              command, GatewayError.of(GatewayCode.PERMISSION_DENIED, Switches.CLOSED).closing());
      return;
    }
    String client = payload.text("client_id", clientOf(socket));
    GatewayError tooMany = admit(socket, principal, client);
    if (tooMany != null) {
      socket.faults().refuse(command, tooMany.closing());
      return;
    }
    GatewayError tooFast = socket.desk().limits().connecting(principal, holder(socket, client));
    if (tooFast != null) {
      socket.faults().refuse(command, tooFast.closing());
      return;
    }
    agree(socket, command);
    Payload resume = how.equals("resume") ? payload.object("resume") : payload;
    if (how.isEmpty()) {
      entrance.begin(socket, command, new Entering(principal, client, "connected", List.of()));
    } else if (!switches.isOn(principal.tenant(), "resume")) {
      entrance.begin(socket, command, new Entering(principal, client, "fresh", List.of()));
    } else {
      entrance.resume(socket, command, new Entering(principal, client, "fresh", List.of()), resume);
    }
  }

  private static String clientOf(GatewaySocket socket) {
    String known = socket.handshake().clientId();
    return known == null ? "" : known;
  }

  private static boolean speaks(Payload payload) {
    List<String> versions = new ArrayList<>(payload.texts("versions"));
    String preferred = payload.text("version");
    if (preferred != null) {
      versions.add(preferred);
    }
    return versions.isEmpty()
        || versions.stream().anyMatch(version -> version.equals("1") || version.startsWith("1."));
  }

  private static Principal identify(GatewaySocket socket, Payload payload) throws TokenException {
    String token = payload.text("token");
    if (token != null) {
      return socket.ground().access().credentials().of(token);
    }
    String ticket = payload.text("ticket");
    if (ticket != null) {
      return socket.ground().access().credentials().ofTicket(ticket);
    }
    Principal shown = socket.handshake().principal();
    if (shown == null) {
      throw new TokenException(
          TokenException.Reason.INVALID,
          "There is no token in connection.init, and there was none in the handshake.");
    }
    return shown;
  }

  private static GatewayError refused(TokenException e) {
    GatewayCode code =
        e.reason() == TokenException.Reason.EXPIRED
            ? GatewayCode.TOKEN_EXPIRED
            : GatewayCode.INVALID_TOKEN;
    return GatewayError.of(code, String.valueOf(e.getMessage()));
  }

  /// Who is counted.
  private static String holder(GatewaySocket socket, String client) {
    return client.isEmpty() ? socket.handshake().address() : client;
  }

  private static @Nullable GatewayError admit(
      GatewaySocket socket, Principal principal, String client) {
    String holder = holder(socket, client);
    return switch (socket.handshake().place().moveTo(principal.tenant(), holder)) {
      case Admission.Admitted _ -> null;
      case Admission.Refused refused ->
          GatewayError.of(
                  GatewayCode.CONNECTION_LIMIT,
                  "There may be "
                      + refused.limit()
                      + " connections per "
                      + refused.bound().word()
                      + ". Close one, then try again.")
              .with("scope", refused.bound().word())
              .with("limit", refused.limit())
              .retryAfter(refused.retryAfter());
    };
  }

  /// How both will talk from now on.
  private static void agree(GatewaySocket socket, Inbound command) {
    String profile = command.payload().text("profile", "");
    socket.talk(
        switch (profile) {
          case "flat" -> Dialect.FLAT;
          case "envelope" -> Dialect.ENVELOPE;
          default -> command.dialect();
        });
  }
}

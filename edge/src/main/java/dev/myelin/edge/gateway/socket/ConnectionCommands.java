package dev.myelin.edge.gateway.socket;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.live.connection.Admission;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.live.token.TokenException;
import dev.myelin.model.ChannelId;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is said about a connection itself: who is there, with which token, how fast.
final class ConnectionCommands {
  /// What this server can do; of these a client has what it says it can do too.
  static final List<String> CAPABILITIES =
      List.of("teams", "documents", "batch", "deflate", "presence", "resume", "flow", "history");

  private static final int MAX_FLUSH_MS = 500;
  private static final int FLUSH_MS = 20;

  // ---- coming in

  void init(GatewaySocket socket, Inbound command) {
    enter(socket, command, command.payload().has("resume") ? "resume" : "");
  }

  void reconnect(GatewaySocket socket, Inbound command) {
    enter(socket, command, "reconnect");
  }

  private void enter(GatewaySocket socket, Inbound command, String how) {
    Payload payload = command.payload();
    if (!speaks(payload)) {
      socket.refuse(
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
      socket.refuse(command, refused(e).closing());
      return;
    }
    String client = payload.text("client_id", clientOf(socket));
    GatewayError tooMany = admit(socket, principal, client);
    if (tooMany != null) {
      socket.refuse(command, tooMany.closing());
      return;
    }
    GatewayError tooFast = socket.gateway().limits().connecting(principal, holder(socket, client));
    if (tooFast != null) {
      socket.refuse(command, tooFast.closing());
      return;
    }
    agree(socket, command);
    Payload resume = how.equals("resume") ? payload.object("resume") : payload;
    if (how.isEmpty()) {
      begin(socket, command, new Entering(principal, client, "connected", List.of()));
    } else {
      resume(socket, command, new Entering(principal, client, "fresh", List.of()), resume);
    }
  }

  /// Somebody on the way in.
  ///
  /// @param status that he will be told
  /// @param openings what he hears again
  private record Entering(
      Principal principal, String client, String status, List<Opening> openings) {}

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

  private static List<String> enabled(Payload payload) {
    if (!payload.has("capabilities")) {
      return CAPABILITIES.stream().filter(one -> !one.equals("batch")).toList();
    }
    Set<String> claimed = Set.copyOf(payload.texts("capabilities"));
    return CAPABILITIES.stream().filter(claimed::contains).toList();
  }

  private void begin(GatewaySocket socket, Inbound command, Entering entering) {
    Visitor visitor = socket.visitor();
    visitor.startOver();
    visitor.enter(
        entering.principal(),
        entering.client(),
        Resuming.begin(socket, entering.principal(), entering.client()));
    complete(socket, command, entering);
  }

  /// Goes on with a session, or begins a new one and says so.
  private void resume(GatewaySocket socket, Inbound command, Entering entering, Payload resume) {
    Principal principal = entering.principal();
    socket.offLoop(
        command,
        () -> {
          Resuming resuming = Resuming.of(socket, principal, entering.client(), resume);
          return () -> resumed(socket, command, entering, resuming);
        });
  }

  private void resumed(
      GatewaySocket socket, Inbound command, Entering entering, Resuming resuming) {
    GatewaySession session = resuming.session();
    socket.gateway().metrics().resumed(session == null ? "fresh" : "resumed");
    if (session == null) {
      begin(socket, command, entering);
      return;
    }
    Principal principal = entering.principal();
    socket.visitor().startOver();
    socket.visitor().enter(principal, entering.client(), session);
    resuming.sit();
    socket.offLoop(
        command,
        () -> {
          List<Opening> openings = resuming.open();
          Entering again = new Entering(principal, entering.client(), "resumed", openings);
          return () -> complete(socket, command, again);
        });
  }

  /// Lets the user's own channel be heard, and tells that all is set.
  private void complete(GatewaySocket socket, Inbound command, Entering entering) {
    Visitor visitor = socket.visitor();
    ChannelId own = entering.principal().ownChannel();
    boolean heard = entering.openings().stream().anyMatch(one -> one.channel().equals(own));
    if (!heard) {
      visitor.sit(own);
    }
    socket.offLoop(
        command,
        () -> {
          Opening first =
              heard
                  ? null
                  : Opening.read(socket.ground().source(), Opening.Wish.from(own, null, null), 1);
          return () -> welcome(socket, command, entering, first);
        });
  }

  private void welcome(
      GatewaySocket socket, Inbound command, Entering entering, @Nullable Opening own) {
    Visitor visitor = socket.visitor();
    List<String> capabilities = enabled(command.payload());
    socket.reply(
        command,
        Words.reply(command, "connection.ack", json -> ack(json, socket, entering, capabilities)));
    if (capabilities.contains("batch")) {
      int wait = command.payload().object("stream").number("flush_ms", FLUSH_MS);
      socket.batch(Duration.ofMillis(Math.clamp(wait, 1, MAX_FLUSH_MS)));
    }
    if (own != null) {
      visitor.tellOpening(own, entering.principal(), false);
      opened(visitor, own);
    }
    for (Opening opening : entering.openings()) {
      opening.replayed(socket.dialect().form()).forEach(socket::push);
      opened(visitor, opening);
      Subscription again = visitor.find(opening.channel());
      if (again != null) {
        socket.gateway().presence().show(socket, again);
      }
    }
    socket.gateway().listen(socket);
  }

  private static void opened(Visitor visitor, Opening opening) {
    Subscription subscription = visitor.find(opening.channel());
    if (subscription != null) {
      subscription.opened(opening.epoch(), opening.offset());
    }
  }

  private static void ack(
      JsonGenerator json, GatewaySocket socket, Entering entering, List<String> capabilities)
      throws IOException {
    GatewayOptions options = socket.ground().options();
    Principal principal = entering.principal();
    json.writeStartObject();
    json.writeStringField("status", entering.status());
    json.writeStringField("connection_id", socket.id());
    json.writeStringField("session_id", socket.visitor().session().id());
    json.writeStringField("client_id", entering.client());
    user(json, principal);
    json.writeStringField("server_version", socket.ground().version());
    json.writeStringField("protocol_version", Words.VERSIONS.getFirst());
    json.writeArrayFieldStart("capabilities");
    for (String capability : capabilities) {
      json.writeString(capability);
    }
    json.writeEndArray();
    long interval = options.pingInterval().toMillis();
    json.writeNumberField("heartbeat_interval_ms", interval);
    json.writeNumberField("heartbeat_timeout_ms", interval + interval / 2);
    json.writeNumberField("resume_window_ms", options.resumeWindow().toMillis());
    Instant end = principal.expiresAt();
    json.writeStringField("token_expires_at", end == null ? null : Envelopes.time(end));
    json.writeStringField("server_time", Envelopes.time(socket.ground().clock().instant()));
    json.writeObjectFieldStart("reconnect");
    json.writeNumberField("base_ms", 500);
    json.writeNumberField("max_ms", 20_000);
    json.writeStringField("jitter", "full");
    json.writeEndObject();
    limits(json, socket);
    if (!entering.status().equals("connected")) {
      json.writeArrayFieldStart("channels");
      for (Opening opening : entering.openings()) {
        opening.write(
            json, principal, socket.gateway().presence().online(socket, opening.channel()), false);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void user(JsonGenerator json, Principal principal) throws IOException {
    json.writeObjectFieldStart("user");
    json.writeStringField("id", principal.subject());
    json.writeStringField("tenant_id", principal.tenant());
    json.writeStringField("name", principal.name());
    json.writeArrayFieldStart("roles");
    for (String role : principal.roles()) {
      json.writeString(role);
    }
    json.writeEndArray();
    json.writeStringField("permissions_hash", principal.permissionsHash());
    json.writeEndObject();
  }

  private static void limits(JsonGenerator json, GatewaySocket socket) throws IOException {
    GatewayOptions options = socket.ground().options();
    json.writeObjectFieldStart("limits");
    json.writeNumberField("max_message_bytes", options.maxMessageBytes());
    json.writeNumberField("max_channels", options.maxChannels());
    json.writeNumberField("max_inflight", GatewayOptions.MAX_IN_FLIGHT);
    json.writeNumberField("max_upload_bytes", 0);
    json.writeNumberField("inline_max_bytes", GatewayOptions.INLINE_MAX_BYTES);
    json.writeObjectFieldStart("rate");
    socket.gateway().limits().write(json);
    json.writeEndObject();
    json.writeEndObject();
  }

  // ---- staying

  void refresh(GatewaySocket socket, Inbound command) {
    Visitor visitor = socket.visitor();
    Principal before = visitor.known();
    Principal after;
    try {
      after = socket.ground().access().credentials().of(command.payload().text("token", ""));
    } catch (TokenException e) {
      socket.refuse(command, GatewayError.of(GatewayCode.INVALID_TOKEN, refused(e).text()));
      return;
    }
    if (!after.tenant().equals(before.tenant()) || !after.subject().equals(before.subject())) {
      socket.refuse(
          command,
          GatewayError.of(
                  GatewayCode.INVALID_TOKEN,
                  "The token is of another user (expected: one of the same user and tenant).")
              .closing());
      return;
    }
    visitor.renew(after);
    boolean changed = !after.permissionsHash().equals(before.permissionsHash());
    List<String> dropped = visitor.dropForbidden();
    Instant end = after.expiresAt();
    socket.reply(
        command,
        Words.reply(
            command,
            "connection.refreshed",
            json -> {
              json.writeStartObject();
              json.writeStringField("expires_at", end == null ? null : Envelopes.time(end));
              json.writeBooleanField("permissions_changed", changed);
              json.writeArrayFieldStart("dropped_channels");
              for (String name : dropped) {
                json.writeString(name);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  void heartbeat(GatewaySocket socket, Inbound command) {
    String echo = command.payload().text("timestamp");
    boolean tells = command.payload().has("visible");
    if (tells) {
      String device = socket.visitor().session().id();
      socket.ground().live().presence().visible(device, command.payload().flag("visible"));
    }
    socket.reply(
        command,
        Words.reply(
            command,
            "connection.heartbeat",
            json -> {
              json.writeStartObject();
              json.writeStringField("timestamp", Envelopes.time(socket.ground().clock().instant()));
              if (echo != null) {
                json.writeStringField("rtt_echo", echo);
              }
              json.writeEndObject();
            }));
  }

  void flow(GatewaySocket socket, Inbound command) {
    Visitor visitor = socket.visitor();
    String tenant = visitor.known().tenant();
    List<ChannelId> channels = new ArrayList<>();
    for (String name : command.payload().texts("channels")) {
      try {
        channels.add(ChannelId.parse(tenant, name));
      } catch (ServiceException e) {
        socket.refuse(command, GatewayError.of(e).with("channel", name));
        return;
      }
    }
    if (command.payload().text("action", "").equals("pause")) {
      visitor.pause(channels);
    } else {
      visitor.resume(channels, command.payload().number("credit", -1));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("action", command.payload().text("action", ""));
    socket.reply(command, Words.ack(command, "accepted", result));
  }
}

package dev.myelin.edge.gateway.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.model.Principal;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The answer to those who come in: who they are here, what they may use and how much.
final class ConnectionAck {
  /// What this server can do; of these a client has what it says it can do too.
  private static final List<String> CAPABILITIES =
      List.of("teams", "documents", "batch", "deflate", "presence", "resume", "flow", "history");

  private ConnectionAck() {}

  /// The capabilities that both sides have.
  ///
  /// @param isOn whether one is not switched off for the client's tenant
  static List<String> enabled(Payload payload, Predicate<String> isOn) {
    if (!payload.has("capabilities")) {
      return CAPABILITIES.stream().filter(one -> !one.equals("batch")).filter(isOn).toList();
    }
    Set<String> claimed = Set.copyOf(payload.texts("capabilities"));
    return CAPABILITIES.stream().filter(claimed::contains).filter(isOn).toList();
  }

  /// Writes the payload.
  static void write(
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
        opening.write(json, principal, socket.desk().roster().online(opening.channel()), false);
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
    socket.desk().limits().write(json);
    json.writeEndObject();
    json.writeEndObject();
  }
}

package dev.myelin.edge.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.live.connection.ConnectionInfo;
import dev.myelin.live.connection.ConnectionRegistry;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Scope;
import java.io.IOException;
import java.util.List;

/// `/v1/connections`: who is connected to a tenant's gateway, for who administers it.
public final class ConnectionRoutes {
  private static final String REASON = "An administrator closed the connection.";

  private final ConnectionRegistry connections;

  public ConnectionRoutes(ConnectionRegistry connections) {
    this.connections = connections;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/connections", this::list).needing(Scope.ADMIN),
        Route.of("DELETE", "/v1/connections/{connection_id}", this::close).needing(Scope.ADMIN));
  }

  private RestAnswer list(RestRequest request) {
    request.principal().requireEverywhere(Scope.ADMIN);
    List<ConnectionInfo> open = connections.list(request.tenant());
    return RestAnswer.ok(json -> {
      json.writeStartArray();
      for (ConnectionInfo connection : open) {
        write(json, connection);
      }
      json.writeEndArray();
    });
  }

  private static void write(JsonGenerator json, ConnectionInfo connection) throws IOException {
    ConnectionInfo.Traffic traffic = connection.traffic();
    json.writeStartObject();
    json.writeStringField("id", connection.id());
    json.writeStringField("subject", connection.subject());
    json.writeStringField("client_id", connection.clientId());
    json.writeStringField("address", connection.address());
    json.writeStringField("kind", connection.kind());
    json.writeStringField("connected_at", Envelopes.time(connection.connectedAt()));
    json.writeNumberField("channels", traffic.channels());
    json.writeNumberField("received", traffic.received());
    json.writeNumberField("sent", traffic.sent());
    json.writeNumberField("waiting_bytes", traffic.waitingBytes());
    json.writeEndObject();
  }

  private RestAnswer close(RestRequest request) {
    request.principal().requireEverywhere(Scope.ADMIN);
    if (!connections.close(request.tenant(), request.value("connection_id"), REASON)) {
      throw RestException.of(
          404,
          ErrorCode.NOT_FOUND,
          "There is no such connection. GET /v1/connections lists those there are.");
    }
    return RestAnswer.noContent();
  }
}

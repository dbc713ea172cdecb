package dev.myelin.edge.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.live.connection.ConnectionInfo;
import dev.myelin.live.connection.ConnectionRegistry;
import dev.myelin.live.connection.ConnectionTotals;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Function;

/// Who is connected: `/v1/connections` tells it of a tenant's gateway to who administers it,
/// `/v1/websockets/stats` counts them, and those of libraries.
public final class ConnectionRoutes {
  private static final String REASON = "An administrator closed the connection.";

  private final ConnectionRegistry connections;
  private final Function<Principal, SortedMap<String, Integer>> libraries;

  /// @param libraries the open sockets of libraries that somebody may read, by library
  public ConnectionRoutes(
      ConnectionRegistry connections, Function<Principal, SortedMap<String, Integer>> libraries) {
    this.connections = connections;
    this.libraries = libraries;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/websockets/stats", this::statistics),
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

  private RestAnswer statistics(RestRequest request) {
    Principal principal = request.principal();
    SortedMap<String, Integer> open = libraries.apply(principal);
    int total = open.values().stream().mapToInt(Objects::requireNonNull).sum();
    ConnectionTotals own = connections.totals(request.tenant());
    Map<String, ConnectionTotals> all = principal.isRoot() ? connections.totals() : Map.of();
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeNumberField("total_connections", total);
      json.writeNumberField("libraries_with_subscribers", open.size());
      json.writeObjectFieldStart("subscriptions_by_library");
      for (Map.Entry<String, Integer> library : open.entrySet()) {
        json.writeNumberField(library.getKey(), library.getValue());
      }
      json.writeEndObject();
      write(json, "gateway", own);
      if (principal.isRoot()) {
        json.writeObjectFieldStart("gateway_by_tenant");
        for (Map.Entry<String, ConnectionTotals> tenant : all.entrySet()) {
          write(json, tenant.getKey(), tenant.getValue());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    });
  }

  private static void write(JsonGenerator json, String name, ConnectionTotals totals)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("connections", totals.open());
    json.writeNumberField("opened", totals.opened());
    json.writeNumberField("received", totals.received());
    json.writeNumberField("sent", totals.sent());
    json.writeEndObject();
  }
}

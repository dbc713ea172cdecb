package dev.myelin.edge.auth;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a WebSocket handshake shows in its query, because a browser can send no header there. It is
/// never written anywhere.
///
/// @param token on the gateway's paths only
/// @param ticket on any WebSocket
public record InQuery(@Nullable String token, @Nullable String ticket) {
  public static final InQuery NOTHING = new InQuery(null, null);

  private static final Set<String> GATEWAY = Set.of("/ws", "/ws/stream");

  /// What a request shows.
  ///
  /// @param handshake whether it asks for a WebSocket
  public static InQuery of(HttpServerRequest request, String path, boolean handshake) {
    boolean gateway = GATEWAY.contains(path);
    String query = request.query();
    if (query == null || (!handshake && !gateway)) {
      return NOTHING;
    }
    return new InQuery(
        gateway ? request.params().get("token") : null, request.params().get("ticket"));
  }

  @Override
  public String toString() {
    return "InQuery[hidden]";
  }
}

package dev.myelin.edge;

import dev.myelin.edge.auth.AccessControl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Tells browsers what pages of listed origins may do here (CORS). Any event loop.
final class CrossOrigin {
  private final AccessControl access;

  CrossOrigin(AccessControl access) {
    this.access = access;
  }

  /// Whether a browser asks what it may ask.
  static boolean isPreflight(HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && request.getHeader("access-control-request-method") != null;
  }

  /// Says so on an answer, if the page's origin is listed.
  ///
  /// @return whether this was all that was asked for
  boolean allow(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    if (origin == null || !access.isListedOrigin(origin)) {
      return false;
    }
    HttpServerResponse response = request.response();
    response.putHeader("access-control-allow-origin", origin).putHeader("vary", "origin");
    if (!isPreflight(request)) {
      response.putHeader(
          "access-control-expose-headers",
          "grpc-status, grpc-message, etag, link, location, retry-after, x-request-id,"
              + " x-response-time, idempotency-replayed");
      return false;
    }
    response
        .putHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .putHeader(
            "access-control-allow-headers",
            "authorization, content-type, x-api-key, x-grpc-web, x-user-agent, grpc-timeout,"
                + " x-memory-space, idempotency-key, if-match, if-none-match, last-event-id,"
                + " x-request-id, accept, content-encoding")
        .putHeader("access-control-max-age", "600")
        .setStatusCode(204)
        .end();
    return true;
  }
}

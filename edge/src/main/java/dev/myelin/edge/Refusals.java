package dev.myelin.edge;

import dev.myelin.edge.auth.AccessControl.Denied;
import dev.myelin.edge.auth.AccessControl.Refusal;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.rest.Problem;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.web.Answers;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import dev.myelin.model.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Says no to a request in the form that its client understands: a problem document, an error of
/// gRPC, or plain words. Any event loop.
final class Refusals {
  private static final int GRPC_UNAUTHENTICATED = 16;
  private static final int GRPC_PERMISSION_DENIED = 7;
  private static final int GRPC_UNAVAILABLE = 14;

  private final Readiness readiness;

  Refusals(Readiness readiness) {
    this.readiness = readiness;
  }

  static void refuse(HttpServerRequest request, int status, ErrorCode code, String text) {
    if (isRest(request)) {
      RestSurface.fail(request, Problem.of(status, code, text));
      return;
    }
    if (!GrpcSurface.serves(request)) {
      Answers.fail(request.response(), status, code, text);
      return;
    }
    int grpcStatus =
        switch (status) {
          case 401 -> GRPC_UNAUTHENTICATED;
          case 403 -> GRPC_PERMISSION_DENIED;
          default -> GRPC_UNAVAILABLE;
        };
    request
        .response()
        .putHeader("content-type", request.getHeader("content-type"))
        .putHeader("grpc-status", Integer.toString(grpcStatus))
        .putHeader("grpc-message", text)
        .end();
  }

  /// Whether clients of a path expect problem documents.
  private static boolean isRest(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    return path.startsWith("/v1/") && !path.equals("/v1/stream") && !SpacesEndpoint.matches(path);
  }

  /// Its credentials are missing or wrong, or cannot be looked at now.
  static void denied(HttpServerRequest request, String path, Denied denied) {
    HttpServerResponse response = request.response();
    int status = denied.temporary() ? 503 : 401;
    if (denied.temporary()) {
      response.putHeader("retry-after", "1");
    } else {
      response.putHeader("www-authenticate", "Bearer realm=\"myelin\"");
    }
    if (path.startsWith("/ws")) {
      response
          .setStatusCode(status)
          .putHeader("content-type", "text/plain; charset=utf-8")
          .end(denied.text());
      return;
    }
    refuse(
        request,
        status,
        denied.temporary() ? ErrorCode.OVERLOADED : ErrorCode.UNAUTHENTICATED,
        denied.text());
  }

  /// It comes from somewhere, or asks for a host, that is not let in.
  static void foreign(HttpServerRequest request, Refusal why) {
    String text =
        switch (why) {
          case FOREIGN_ORIGIN ->
              "Pages of this origin may not talk to this server."
                  + " Add the origin to server.allowed-origins to let them.";
          case FOREIGN_HOST ->
              "This server does not go by that host name. Use localhost or its address, or add"
                  + " https://NAME to server.allowed-origins.";
        };
    refuse(request, 403, ErrorCode.PERMISSION_DENIED, text);
  }

  /// More connections are open than may be.
  static void tooMany(HttpServerRequest request, int most) {
    request.response().putHeader("connection", "close").putHeader("retry-after", "5");
    refuse(
        request,
        503,
        ErrorCode.TOO_MANY_CONNECTIONS,
        "There are more than " + most + " connections. Try again later.");
  }

  /// The path is a WebSocket, and the request is none.
  ///
  /// @param how where it is opened, as a sentence
  static void upgradeRequired(HttpServerRequest request, String how) {
    request.response().putHeader("upgrade", "websocket").putHeader("connection", "Upgrade");
    refuse(request, 426, ErrorCode.INVALID_REQUEST, how);
  }

  /// The server starts or ends.
  void notNow(HttpServerRequest request) {
    boolean draining = readiness.state() == Readiness.State.DRAINING;
    request.response().putHeader("retry-after", draining ? "5" : "1");
    refuse(
        request,
        503,
        ErrorCode.SHUTTING_DOWN,
        draining
            ? "The server is shutting down. Connect again in a moment."
            : "The server is starting. Try again in a moment.");
  }

  static void notFound(HttpServerRequest request) {
    refuse(
        request,
        404,
        ErrorCode.NOT_FOUND,
        "There is nothing here. Try /v1/stream, /v1/spaces, /health/ready or /metrics.");
  }
}

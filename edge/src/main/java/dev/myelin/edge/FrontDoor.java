package dev.myelin.edge;

import dev.myelin.edge.admin.AdminEndpoint;
import dev.myelin.edge.admin.BackupEndpoint;
import dev.myelin.edge.auth.AccessControl;
import dev.myelin.edge.auth.AccessControl.Denied;
import dev.myelin.edge.auth.AccessControl.Refusal;
import dev.myelin.edge.auth.AccessControl.Welcome;
import dev.myelin.edge.auth.InQuery;
import dev.myelin.edge.gateway.socket.Gateway;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.library.socket.LibrarySockets;
import dev.myelin.edge.net.ConnectionGate;
import dev.myelin.edge.net.KeepAlive;
import dev.myelin.edge.rest.Problem;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.socket.WebSocketUpgrade;
import dev.myelin.edge.web.Answers;
import dev.myelin.edge.web.ApiDocuments;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import dev.myelin.edge.web.StaticFiles;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks at every request first: may it come in, and who answers it. Any event loop.
final class FrontDoor implements Handler<HttpServerRequest> {
  private static final String GRPC_HEALTH = "/grpc.health.v1.Health/";
  private static final int GRPC_UNAUTHENTICATED = 16;
  private static final int GRPC_PERMISSION_DENIED = 7;
  private static final int GRPC_UNAVAILABLE = 14;

  private final EdgeOptions options;
  private final AccessControl access;
  private final ConnectionGate gate;
  private final KeepAlive keepAlive;
  private final WebSocketUpgrade webSockets;
  private final Readiness readiness;
  private final Supplier<String> metrics;
  private final StaticFiles files = new StaticFiles();
  private final ApiDocuments documents = new ApiDocuments();
  private final AtomicReference<@Nullable Rooms> rooms = new AtomicReference<>();

  FrontDoor(
      EdgeOptions options,
      AccessControl access,
      Connections connections,
      WebSocketUpgrade webSockets,
      Readiness readiness,
      Supplier<String> metrics) {
    this.options = options;
    this.access = access;
    this.gate = connections.gate();
    this.keepAlive = connections.keepAlive();
    this.webSockets = webSockets;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /// What watches connections.
  record Connections(ConnectionGate gate, KeepAlive keepAlive) {}

  /// Lets requests through to those who answer them.
  void open(Rooms open) {
    rooms.set(open);
  }

  /// What the rooms answer.
  List<String> routes() {
    Rooms open = rooms.get();
    return open == null
        ? List.of()
        : open.rest().router().routes().stream()
            .map(route -> route.method() + " " + route.path())
            .toList();
  }

  @Override
  public void handle(HttpServerRequest request) {
    keepAlive.began(request);
    String path = request.path();
    if (path == null || path.isEmpty()) {
      refuse(request, 400, ErrorCode.INVALID_REQUEST, "The request names no path.");
    } else if (path.equals("/health") || path.startsWith("/health/")) {
      health(request, path);
    } else if (!hasReadableQuery(request)) {
      refuse(
          request,
          400,
          ErrorCode.INVALID_REQUEST,
          "The query cannot be read (expected: UTF-8, percent-encoded).");
    } else {
      Principal principal = principal(request, path);
      if (principal != null) {
        enter(request, path, principal);
      }
    }
  }

  /// Found out first, as the failure to decode a query quotes it, and a token may be in it.
  private static boolean hasReadableQuery(HttpServerRequest request) {
    try {
      return request.query() == null || request.params() != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void health(HttpServerRequest request, String path) {
    boolean live = path.equals("/health/live") || path.equals("/health/alive");
    if (!live && !path.equals("/health/ready") && !path.equals("/health")) {
      notFound(request);
      return;
    }
    Readiness.State state = readiness.state();
    boolean ok = live || state == Readiness.State.READY;
    Answers.send(
        request.response(),
        ok ? 200 : 503,
        json -> {
          json.writeStartObject();
          json.writeStringField(
              "status",
              switch (state) {
                case STARTING -> "starting";
                case READY -> "ready";
                case DRAINING -> "draining";
              });
          json.writeEndObject();
        });
  }

  /// On whose behalf the request is made, or null if it was refused.
  private @Nullable Principal principal(HttpServerRequest request, String path) {
    if (gate.open() > options.maxConnections()) {
      request.response().putHeader("connection", "close").putHeader("retry-after", "5");
      refuse(
          request,
          503,
          ErrorCode.TOO_MANY_CONNECTIONS,
          "There are more than " + options.maxConnections() + " connections. Try again later.");
      return null;
    }
    String host = request.version() == HttpVersion.HTTP_2 ? null : request.getHeader("host");
    boolean needsKey =
        path.startsWith("/v1/")
            || (isGrpc(request) && !path.startsWith(GRPC_HEALTH))
            || needsKeyBeyondLoopback(path);
    InQuery query = InQuery.of(request, path, WebSocketUpgrade.isWanted(request));
    return switch (access.check(
        request.headers(), host, needsKey && !isPreflight(request), query)) {
      case Welcome welcome -> welcome.principal();
      case Denied denied -> {
        refuse(request, path, denied);
        yield null;
      }
      case Refusal why -> {
        refuse(request, why);
        yield null;
      }
    };
  }

  private boolean needsKeyBeyondLoopback(String path) {
    return path.equals("/metrics") && !options.isLoopback();
  }

  private static boolean isGrpc(HttpServerRequest request) {
    return GrpcSurface.serves(request);
  }

  private static boolean isPreflight(HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && request.getHeader("access-control-request-method") != null;
  }

  private void refuse(HttpServerRequest request, String path, Denied denied) {
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

  private void refuse(HttpServerRequest request, Refusal why) {
    switch (why) {
      case FOREIGN_ORIGIN ->
          refuse(
              request,
              403,
              ErrorCode.PERMISSION_DENIED,
              "Pages of this origin may not talk to this server."
                  + " Add the origin to server.allowed-origins to let them.");
      case FOREIGN_HOST ->
          refuse(
              request,
              403,
              ErrorCode.PERMISSION_DENIED,
              "This server does not go by that host name. Use localhost or its address, or add"
                  + " https://NAME to server.allowed-origins.");
    }
  }

  private void refuse(HttpServerRequest request, int status, ErrorCode code, String text) {
    if (isRest(request)) {
      RestSurface.fail(request, Problem.of(status, code, text));
      return;
    }
    if (!isGrpc(request)) {
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

  private void enter(HttpServerRequest request, String path, Principal principal) {
    if (isFromListedPage(request)) {
      allowPage(request);
      if (isPreflight(request)) {
        request.response().setStatusCode(204).end();
        return;
      }
    }
    if (path.equals("/metrics")) {
      metrics(request, principal);
      return;
    }
    Rooms open = rooms.get();
    if (isGrpc(request) || path.startsWith("/v1/")) {
      boolean serving = readiness.state() == Readiness.State.READY;
      if (open == null || !(serving || path.startsWith(GRPC_HEALTH))) {
        notNow(request);
      } else if (isGrpc(request)) {
        open.grpc().handle(request, principal);
      } else {
        api(request, path, principal, open);
      }
    } else if (Gateway.matches(path)) {
      gateway(request, principal, open);
    } else if (ApiDocuments.matches(path) && isGet(request)) {
      documents.handle(request, path);
    } else if (!isGet(request) || !files.handle(request)) {
      notFound(request);
    }
  }

  /// They tell of all tenants together.
  private void metrics(HttpServerRequest request, Principal principal) {
    if (principal.hasKey()) {
      refuse(
          request,
          403,
          ErrorCode.PERMISSION_DENIED,
          "Metrics are for whoever runs the server. Send the server's own key.");
      return;
    }
    request
        .response()
        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
        .end(metrics.get());
  }

  private void gateway(HttpServerRequest request, Principal principal, @Nullable Rooms open) {
    if (open == null || readiness.state() != Readiness.State.READY) {
      notNow(request);
      return;
    }
    keepAlive.release(request.connection());
    open.gateway().enter(request, principal);
  }

  private boolean isFromListedPage(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    return origin != null && access.isListedOrigin(origin);
  }

  private static void allowPage(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("access-control-allow-origin", request.getHeader("origin"))
        .putHeader("vary", "origin");
    if (isPreflight(request)) {
      response
          .putHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
          .putHeader(
              "access-control-allow-headers",
              "authorization, content-type, x-api-key, x-grpc-web, x-user-agent, grpc-timeout,"
                  + " x-memory-space, idempotency-key, if-match, if-none-match, last-event-id,"
                  + " x-request-id, accept, content-encoding")
          .putHeader("access-control-max-age", "600");
    } else {
      response.putHeader(
          "access-control-expose-headers",
          "grpc-status, grpc-message, etag, link, location, retry-after, x-request-id,"
              + " x-response-time, idempotency-replayed");
    }
  }

  private void notNow(HttpServerRequest request) {
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

  private void api(HttpServerRequest request, String path, Principal principal, Rooms open) {
    if (path.equals("/v1/stream")) {
      stream(request, principal, open);
    } else if (SpacesEndpoint.matches(path)) {
      if (isGet(request)) {
        open.spaces().handle(request, path, principal);
      } else {
        notFound(request);
      }
    } else if (path.equals(BackupEndpoint.PATH) && HttpMethod.POST.equals(request.method())) {
      open.backup().handle(request, principal);
    } else if (AdminEndpoint.matches(path)) {
      open.admin().handle(request, path, principal);
    } else {
      String library = LibrarySockets.libraryOf(path);
      if (library == null) {
        open.rest().handle(request, path, principal);
      } else {
        librarySocket(request, new Wanted(library, principal), open);
      }
    }
  }

  /// A library that somebody wants a socket of.
  private record Wanted(String library, Principal principal) {}

  private void librarySocket(HttpServerRequest request, Wanted wanted, Rooms open) {
    if (!WebSocketUpgrade.isWanted(request)) {
      request.response().putHeader("upgrade", "websocket").putHeader("connection", "Upgrade");
      refuse(
          request,
          426,
          ErrorCode.INVALID_REQUEST,
          "This is a WebSocket. Open it as ws://HOST:PORT/v1/libraries/{library_id}/ws.");
      return;
    }
    keepAlive.release(request.connection());
    request.pause();
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "on an event loop");
    open.blocking().execute(() -> enterLibrary(request, wanted, open, loop));
  }

  /// On a virtual thread.
  private void enterLibrary(HttpServerRequest request, Wanted wanted, Rooms open, Context loop) {
    try {
      LibrarySockets.Entry entry =
          open.librarySockets().enter(wanted.principal(), wanted.library());
      loop.runOnContext(_ -> webSockets.upgrade(request, entry, entry::leave));
    } catch (RuntimeException e) {
      loop.runOnContext(_ -> {
        request.resume();
        RestSurface.fail(request, RestSurface.problemOf(e));
      });
    }
  }

  private void stream(HttpServerRequest request, Principal principal, Rooms open) {
    if (!WebSocketUpgrade.isWanted(request)) {
      request.response().putHeader("upgrade", "websocket").putHeader("connection", "Upgrade");
      refuse(
          request,
          426,
          ErrorCode.INVALID_REQUEST,
          "/v1/stream is a WebSocket. Open it as ws://HOST:PORT/v1/stream.");
      return;
    }
    keepAlive.release(request.connection());
    webSockets.upgrade(request, open.stream().opener(principal));
  }

  private static boolean isGet(HttpServerRequest request) {
    return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
  }

  private void notFound(HttpServerRequest request) {
    refuse(
        request,
        404,
        ErrorCode.NOT_FOUND,
        "There is nothing here. Try /v1/stream, /v1/spaces, /health/ready or /metrics.");
  }
}

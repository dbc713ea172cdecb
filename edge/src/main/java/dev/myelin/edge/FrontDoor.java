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
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.socket.WebSocketUpgrade;
import dev.myelin.edge.web.ApiDocuments;
import dev.myelin.edge.web.Health;
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
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks at every request first: may it come in, and who answers it. Any event loop.
final class FrontDoor implements Handler<HttpServerRequest> {
  private static final String GRPC_HEALTH = "/grpc.health.v1.Health/";

  private final EdgeOptions options;
  private final AccessControl access;
  private final ConnectionGate gate;
  private final KeepAlive keepAlive;
  private final WebSocketUpgrade webSockets;
  private final Readiness readiness;
  private final Refusals refusals;
  private final CrossOrigin pages;
  private final Health health;
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
    this.refusals = new Refusals(readiness);
    this.pages = new CrossOrigin(access);
    this.health = new Health(readiness);
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
      Refusals.refuse(request, 400, ErrorCode.INVALID_REQUEST, "The request names no path.");
    } else if (Health.matches(path)) {
      if (!health.handle(request, path)) {
        Refusals.notFound(request);
      }
    } else if (!hasReadableQuery(request)) {
      Refusals.refuse(
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

  /// On whose behalf the request is made, or null if it was refused.
  private @Nullable Principal principal(HttpServerRequest request, String path) {
    if (gate.open() > options.maxConnections()) {
      Refusals.tooMany(request, options.maxConnections());
      return null;
    }
    String host = request.version() == HttpVersion.HTTP_2 ? null : request.getHeader("host");
    boolean needsKey =
        path.startsWith("/v1/")
            || (GrpcSurface.serves(request) && !path.startsWith(GRPC_HEALTH))
            || needsKeyBeyondLoopback(path);
    InQuery query = InQuery.of(request, path, WebSocketUpgrade.isWanted(request));
    return switch (access.check(
        request.headers(), host, needsKey && !CrossOrigin.isPreflight(request), query)) {
      case Welcome welcome -> welcome.principal();
      case Denied denied -> {
        Refusals.denied(request, path, denied);
        yield null;
      }
      case Refusal why -> {
        Refusals.foreign(request, why);
        yield null;
      }
    };
  }

  private boolean needsKeyBeyondLoopback(String path) {
    return path.equals("/metrics") && !options.isLoopback();
  }

  private void enter(HttpServerRequest request, String path, Principal principal) {
    if (pages.allow(request)) {
      return;
    }
    if (path.equals("/metrics")) {
      metrics(request, principal);
      return;
    }
    Rooms open = rooms.get();
    if (GrpcSurface.serves(request) || path.startsWith("/v1/")) {
      boolean serving = readiness.state() == Readiness.State.READY;
      if (open == null || !(serving || path.startsWith(GRPC_HEALTH))) {
        refusals.notNow(request);
      } else if (GrpcSurface.serves(request)) {
        open.grpc().handle(request, principal);
      } else {
        api(request, path, principal, open);
      }
    } else if (Gateway.matches(path)) {
      gateway(request, principal, open);
    } else if (ApiDocuments.matches(path) && isGet(request)) {
      documents.handle(request, path);
    } else if (!isGet(request) || !files.handle(request)) {
      Refusals.notFound(request);
    }
  }

  /// They tell of all tenants together.
  private void metrics(HttpServerRequest request, Principal principal) {
    if (principal.hasKey()) {
      Refusals.refuse(
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
      refusals.notNow(request);
      return;
    }
    keepAlive.release(request.connection());
    open.gateway().enter(request, principal);
  }

  private void api(HttpServerRequest request, String path, Principal principal, Rooms open) {
    if (path.equals("/v1/stream")) {
      stream(request, principal, open);
    } else if (SpacesEndpoint.matches(path)) {
      if (isGet(request)) {
        open.spaces().handle(request, path, principal);
      } else {
        Refusals.notFound(request);
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
      Refusals.upgradeRequired(
          request, "This is a WebSocket. Open it as ws://HOST:PORT/v1/libraries/{library_id}/ws.");
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
      Refusals.upgradeRequired(
          request, "/v1/stream is a WebSocket. Open it as ws://HOST:PORT/v1/stream.");
      return;
    }
    keepAlive.release(request.connection());
    webSockets.upgrade(request, open.stream().opener(principal));
  }

  private static boolean isGet(HttpServerRequest request) {
    return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
  }
}

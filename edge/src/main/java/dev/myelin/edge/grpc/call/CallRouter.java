package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Takes HTTP requests that are gRPC calls to their rpc, by their path `/service/method`.
public final class CallRouter {
  private final Map<String, Rpc> rpcs;
  private final int maxMessageBytes;

  /// @param rpcs by path
  public CallRouter(Map<String, Rpc> rpcs, int maxMessageBytes) {
    this.rpcs = Map.copyOf(rpcs);
    this.maxMessageBytes = maxMessageBytes;
  }

  /// Whether a request says that it is a gRPC or gRPC-Web call.
  public static boolean isCall(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type != null && type.regionMatches(true, 0, "application/grpc", 0, 16);
  }

  /// Answers a call that is made on somebody's behalf, on its event loop.
  public void handle(HttpServerRequest request, Principal principal) {
    Optional<WireForm> form = WireForm.of(request.getHeader("content-type"));
    if (form.isEmpty() || (form.get() == WireForm.HTTP2 && !isHttp2(request))) {
      request.response().setStatusCode(415).end();
    } else if (!HttpMethod.POST.equals(request.method())) {
      request.response().setStatusCode(405).putHeader("allow", "POST").end();
    } else {
      String path = Objects.requireNonNullElse(request.path(), "");
      Context context = Objects.requireNonNull(Vertx.currentContext(), "on an event loop");
      new Call(context, request, principal, form.get(), maxMessageBytes)
          .start(rpcs.getOrDefault(path, CallRouter::unknown));
    }
  }

  private static boolean isHttp2(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  private static CallListener unknown(Call call) {
    throw new ServiceException(
        ErrorCode.UNSUPPORTED,
        "Unknown method: "
            + Excerpt.of(call.path())
            + ". Ask the server's reflection service for those it has.");
  }
}

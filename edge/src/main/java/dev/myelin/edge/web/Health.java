package dev.myelin.edge.web;

import io.vertx.core.http.HttpServerRequest;

/// `/health/live` and `/health/ready`: whether the process runs, and whether it serves. For
/// orchestrators, so nobody needs a key. Any event loop.
public final class Health {
  private final Readiness readiness;

  public Health(Readiness readiness) {
    this.readiness = readiness;
  }

  /// Whether a path belongs here.
  public static boolean matches(String path) {
    return path.equals("/health") || path.startsWith("/health/");
  }

  /// Answers 200 or 503 with the state.
  ///
  /// @return false, and nothing is answered, if there is no such page
  public boolean handle(HttpServerRequest request, String path) {
    boolean live = path.equals("/health/live") || path.equals("/health/alive");
    if (!live && !path.equals("/health/ready") && !path.equals("/health")) {
      return false;
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
    return true;
  }
}

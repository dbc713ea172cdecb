package dev.myelin.edge.net;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Ends HTTP/1.1 connections that have been without a request for too long. Connections of HTTP/2
/// may stay: their clients ping, or the system finds out that they are gone.
///
/// Any thread; [#sweep()] is to be called at a steady pace.
public final class KeepAlive {
  private final long idleNanos;
  private final Map<HttpConnection, Use> uses = new ConcurrentHashMap<>();

  public KeepAlive(Duration idle) {
    this.idleNanos = idle.toNanos();
  }

  /// Looks after a new connection.
  public void opened(HttpConnection connection) {
    uses.put(connection, new Use());
    connection.closeHandler(_ -> uses.remove(connection));
  }

  /// Notes that a request has begun, and when it ends.
  public void began(HttpServerRequest request) {
    Use use = use(request);
    if (use != null) {
      use.begin();
      request.response().endHandler(_ -> use.end());
    }
  }

  private @Nullable Use use(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2 ? null : uses.get(request.connection());
  }

  /// Looks after a connection no more: it speaks another protocol now.
  public void release(HttpConnection connection) {
    uses.remove(connection);
  }

  /// Ends connections that were idle for too long.
  public void sweep() {
    long now = System.nanoTime();
    uses.forEach((connection, use) -> {
      if (use.isIdleSince(now - idleNanos)) {
        uses.remove(connection);
        connection.close();
      }
    });
  }

  /// When a connection was used last. Guarded by itself.
  private static final class Use {
    private int open;
    private boolean everUsed;
    private long last = System.nanoTime();

    private synchronized void begin() {
      open++;
      everUsed = true;
    }

    private synchronized void end() {
      open--;
      last = System.nanoTime();
    }

    /// A connection that never made a request of HTTP/1.1 may be one of HTTP/2.
    private synchronized boolean isIdleSince(long nanos) {
      return everUsed && open == 0 && last - nanos < 0;
    }
  }
}

package dev.myelin.edge.socket;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one timer for all sockets of an event loop, and the scratch space they share.
///
/// Confined to the event loop, but for [#size()].
final class SocketTimer {
  private static final int MAX_KEPT_BYTES = 256 * 1024;
  private static final long MIN_TICK_NANOS = Duration.ofMillis(10).toNanos();
  private static final long MAX_TICK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int TICKS_IN_SHORTEST_TIME = 10;

  /// In the order of their next heartbeat, as all wait equally long for it.
  private final LinkedHashSet<WebSocketChannel> sockets = new LinkedHashSet<>();

  private final EventLoop loop;
  private final long heartbeatNanos;
  private final long tickNanos;
  private @Nullable ScheduledFuture<?> timer;
  private byte[] scratch = new byte[16 * 1024];
  private volatile int size;

  SocketTimer(EventLoop loop, SocketOptions options) {
    this.loop = loop;
    this.heartbeatNanos = options.heartbeat().toNanos();
    this.tickNanos =
        Math.clamp(
            options.shortest().toNanos() / TICKS_IN_SHORTEST_TIME, MIN_TICK_NANOS, MAX_TICK_NANOS);
  }

  /// Room for a message, until the next.
  byte[] scratch(int size) {
    if (size > MAX_KEPT_BYTES) {
      return new byte[size];
    }
    if (scratch.length < size) {
      scratch = new byte[Math.clamp(2L * scratch.length, size, MAX_KEPT_BYTES)];
    }
    return scratch;
  }

  void add(WebSocketChannel socket) {
    socket.heartbeatAt(System.nanoTime() + heartbeatNanos);
    sockets.add(socket);
    size = sockets.size();
    if (timer == null) {
      timer = loop.scheduleAtFixedRate(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }
  }

  /// Forgets a socket; with the last one the timer goes.
  void remove(WebSocketChannel socket) {
    sockets.remove(socket);
    size = sockets.size();
    if (sockets.isEmpty() && timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /// How many sockets there are.
  int size() {
    return size;
  }

  List<WebSocketChannel> sockets() {
    return List.copyOf(sockets);
  }

  private void tick() {
    long now = System.nanoTime();
    while (!sockets.isEmpty() && now - sockets.getFirst().heartbeatAt() >= 0) {
      WebSocketChannel due = sockets.removeFirst();
      due.heartbeatAt(now + heartbeatNanos);
      sockets.addLast(due);
      due.heartbeat(now);
    }
    for (WebSocketChannel socket : sockets()) {
      socket.keepTimes(now);
    }
  }
}

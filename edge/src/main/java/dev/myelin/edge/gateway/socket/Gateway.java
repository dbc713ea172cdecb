package dev.myelin.edge.gateway.socket;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Switches;
import dev.myelin.edge.gateway.command.Commands;
import dev.myelin.edge.gateway.connection.Desk;
import dev.myelin.edge.gateway.connection.GatewayMetrics;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.connection.Ground;
import dev.myelin.edge.gateway.connection.Handshake;
import dev.myelin.edge.gateway.connection.Limits;
import dev.myelin.edge.gateway.connection.Roster;
import dev.myelin.edge.gateway.message.Schemas;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.edge.socket.WebSocketUpgrade;
import dev.myelin.live.connection.Admission;
import dev.myelin.live.connection.Bound;
import dev.myelin.model.Principal;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway: `/ws`, and `/ws/stream` for those who only listen. Any thread.
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final String PATH = "/ws";
  private static final String LISTENING = "/ws/stream";
  private static final int COMPRESSED_FROM = 1_024;
  private static final int MAX_ID = 128;
  private static final int MAX_CHANNELS = 50;

  /// Whom connections are counted for that have not said yet who they are.
  private static final String UNKNOWN_TENANT = "-";

  /// How many connections a shutdown ends in a step, at least.
  private static final int FEWEST = 100;

  private static final Duration STEP = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  /// Words of clients that do not speak in events.
  private static final Set<String> SIMPLE =
      Set.of("ping", "subscribe", "unsubscribe", "ack", "invalid", "binary");

  private final Ground ground;
  private final WebSocketUpgrade sockets;
  private final Schemas schemas = new Schemas();
  private final GatewayMetrics metrics;
  private final Desk desk;

  public Gateway(Ground ground, SocketOptions sockets, MeterRegistry registry) {
    this.ground = ground;
    this.sockets = new WebSocketUpgrade(ground.options().sockets(sockets), true, COMPRESSED_FROM);
    this.metrics = new GatewayMetrics(registry, schemas, SIMPLE, ground.clock());
    this.desk =
        new Desk(
            ground,
            metrics,
            new Limits(ground.access().limits()),
            new Roster(ground.live().presence()),
            new Commands(schemas, ground.clock(), metrics));
  }

  /// Whether a path is the gateway's.
  public static boolean matches(String path) {
    return path.equals(PATH) || path.equals(LISTENING);
  }

  /// Reads what the first message needs, so that it does not wait for that. Blocks.
  public void prepare() {
    schemas.prepare();
  }

  /// Connections that are open.
  public int open() {
    return metrics.open();
  }

  // ---- coming in

  /// Makes a connection of a request, or says why not.
  ///
  /// @param principal whose credential it showed; [Principal#NOBODY] if it has to show one yet
  public void enter(HttpServerRequest request, Principal principal) {
    if (!WebSocketUpgrade.isWanted(request)) {
      request.response().putHeader("upgrade", "websocket").putHeader("connection", "Upgrade");
      refuse(request, 426, "This is a WebSocket. Open it as ws://HOST:PORT/ws.");
      return;
    }
    String client = parameter(request, "client_id");
    String session = parameter(request, "session_id");
    String channels = request.params().get("channels");
    List<String> wanted =
        channels == null || channels.isEmpty() ? List.of() : Arrays.asList(channels.split(",", -1));
    if (isTooLong(client) || isTooLong(session) || wanted.size() > MAX_CHANNELS) {
      refuse(
          request,
          400,
          "client_id and session_id may have up to "
              + MAX_ID
              + " characters; channels, up to "
              + MAX_CHANNELS
              + " names.");
      return;
    }
    Principal known = principal.equals(Principal.NOBODY) ? null : principal;
    if (known != null && !ground.options().switches().isOn(known.tenant())) {
      refuse(request, 403, Switches.CLOSED);
      return;
    }
    String address = request.remoteAddress().hostAddress();
    String tenant = known == null ? UNKNOWN_TENANT : known.tenant();
    switch (ground.live().connections().admit(tenant, client == null ? address : client)) {
      case Admission.Admitted admitted ->
          upgrade(
              request,
              new Handshake(
                  known,
                  client,
                  session,
                  LISTENING.equals(request.path()),
                  wanted,
                  address,
                  admitted.place()));
      case Admission.Refused refused -> tooMany(request, refused);
    }
  }

  private static @Nullable String parameter(HttpServerRequest request, String name) {
    String value = request.params().get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static boolean isTooLong(@Nullable String text) {
    return text != null && text.length() > MAX_ID;
  }

  private void upgrade(HttpServerRequest request, Handshake handshake) {
    sockets.upgrade(
        request,
        channel -> {
          GatewaySocket socket = new GatewaySocket(desk, channel, handshake);
          socket.execute(socket::open);
          return socket;
        },
        handshake.place()::close);
  }

  private static void tooMany(HttpServerRequest request, Admission.Refused refused) {
    request
        .response()
        .putHeader("retry-after", Long.toString(Math.max(1, refused.retryAfter().toSeconds())));
    refuse(
        request,
        refused.bound() == Bound.CLIENT ? 429 : 503,
        "Maximum "
            + refused.limit()
            + " connections per "
            + refused.bound().word()
            + ". Close one, or try again later.");
  }

  private static void refuse(HttpServerRequest request, int status, String text) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }

  // ---- going

  /// Tells all connections that the server goes, ends them one after the other, and waits for that;
  /// at most as long as configured, and not long where there are few.
  public void drain() {
    List<GatewaySocket> all =
        ground.live().connections().all().stream()
            .filter(GatewaySocket.class::isInstance)
            .map(GatewaySocket.class::cast)
            .toList();
    if (all.isEmpty()) {
      return;
    }
    int steps = Math.ceilDiv(all.size(), FEWEST);
    Duration usual = STEP.multipliedBy(steps);
    Duration window =
        usual.compareTo(ground.options().drain()) < 0 ? usual : ground.options().drain();
    LOG.atInfo().addKeyValue("connections", all.size()).log("ending the gateway's connections");
    for (GatewaySocket socket : all) {
      long after = ThreadLocalRandom.current().nextLong(Math.max(1, window.toMillis()));
      socket.execute(() -> goAway(socket, after));
      var _ = socket.later(Duration.ofMillis(after), socket::restart);
    }
    long deadline = System.nanoTime() + window.plus(STEP).toNanos();
    while (open() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static void goAway(GatewaySocket socket, long afterMs) {
    socket
        .out()
        .say(
            Envelope.of(
                "connection.goaway",
                json -> {
                  json.writeStartObject();
                  json.writeStringField("reason", "shutdown");
                  json.writeNumberField("after_ms", afterMs);
                  json.writeBooleanField("resume", true);
                  json.writeEndObject();
                }));
    socket.out().flushNow();
  }

  /// Ends what is left at once, each connection in its turn.
  public void closeAll(int code, String reason) {
    sockets.closeAll(code, reason);
  }
}

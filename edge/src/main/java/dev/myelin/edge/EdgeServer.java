package dev.myelin.edge;

import dev.myelin.edge.auth.AccessControl;
import dev.myelin.edge.auth.ApiKey;
import dev.myelin.edge.auth.Credentials;
import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.auth.OriginPolicy;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.gateway.socket.Gateway;
import dev.myelin.edge.net.CertificateFiles;
import dev.myelin.edge.net.ConnectionGate;
import dev.myelin.edge.net.GatedTransport;
import dev.myelin.edge.net.KeepAlive;
import dev.myelin.edge.socket.WebSocketUpgrade;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.webhook.HttpSender;
import dev.myelin.library.webhook.WebhookConfig;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's one port: HTTP/1.1, HTTP/2 and WebSocket.
///
/// It listens from the moment it is opened, so that a port that is taken is found out first and
/// health can be asked for, and lets clients in once it is given services. Any thread.
public final class EdgeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// How soon what was opened with a key ends when the key expires.
  private static final Duration KEY_PACE = Duration.ofMillis(500);

  private static final int HARD_LIMIT_ABOVE = 64;
  private static final int CLOSE_GOING_AWAY = 1001;

  private final EdgeOptions options;
  private final Readiness readiness;
  private final Vertx vertx;
  private final ConnectionGate gate;
  private final FrontDoor door;
  private final WebSocketUpgrade webSockets;
  private final KeepAlive keepAlive;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger port = new AtomicInteger();
  private final List<HttpServer> listeners = new CopyOnWriteArrayList<>();
  private final Credentials credentials;
  private volatile @Nullable KeyWatch keys;
  private volatile @Nullable Gateway gateway;

  private EdgeServer(EdgeOptions options, Readiness readiness, Supplier<String> metrics) {
    this.options = options;
    this.readiness = readiness;
    this.gate =
        new ConnectionGate(
            options.maxConnections() + HARD_LIMIT_ABOVE,
            options.requestTimeout(),
            !options.tls().isOn());
    this.keepAlive = new KeepAlive(options.keepAlive());
    this.webSockets = new WebSocketUpgrade(options.sockets());
    String key = options.access().apiKey();
    this.credentials =
        new Credentials(
            key == null ? null : ApiKey.of(key),
            options.access().tokens().isOn(),
            options.isLoopback());
    AccessControl access =
        new AccessControl(
            credentials,
            new OriginPolicy(options.access().allowedOrigins(), options.isLoopback()),
            options.access().queryToken());
    this.door =
        new FrontDoor(
            options,
            access,
            new FrontDoor.Connections(gate, keepAlive),
            webSockets,
            readiness,
            metrics);
    this.vertx = vertx(options, gate);
  }

  private static Vertx vertx(EdgeOptions options, ConnectionGate gate) {
    int buffer = options.sockets().writeBufferBytes();
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(loops(options))
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)))
        .withTransport(new GatedTransport(gate, new WriteBufferWaterMark(buffer / 4, buffer)))
        .build();
  }

  private static int loops(EdgeOptions options) {
    return options.eventLoops() > 0
        ? options.eventLoops()
        : Runtime.getRuntime().availableProcessors();
  }

  /// Listens. Waits until it does.
  ///
  /// @param metrics gives the text of `/metrics`
  /// @throws ListenException if the address cannot be had
  public static EdgeServer open(
      EdgeOptions options, Readiness readiness, Supplier<String> metrics) {
    EdgeServer server = new EdgeServer(options, readiness, metrics);
    try {
      server.listen();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void listen() {
    HttpServerOptions http = httpOptions();
    Path certificate = options.tls().certificate();
    Path key = options.tls().key();
    Future<String> deployed =
        vertx.deployVerticle(
            () -> context -> listen(vertx.createHttpServer(http)),
            new DeploymentOptions().setInstances(loops(options)));
    try {
      deployed
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cannotListen(e);
    } catch (ExecutionException | TimeoutException e) {
      throw cannotListen(e);
    }
    long pace = Math.clamp(options.requestTimeout().toMillis() / 4, 10, 1_000);
    vertx.setPeriodic(
        pace,
        _ -> {
          gate.sweep();
          keepAlive.sweep();
        });
    if (certificate != null && key != null) {
      CertificateFiles files = new CertificateFiles(vertx, certificate, key);
      Semaphore looking = new Semaphore(1);
      every(
          options.tls().reloadInterval(),
          () -> {
            if (looking.tryAcquire()) {
              blocking.execute(() -> {
                try {
                  renew(http, files.changed());
                } finally {
                  looking.release();
                }
              });
            }
          });
    }
  }

  private Future<HttpServer> listen(HttpServer server) {
    return server
        .requestHandler(door)
        .connectionHandler(keepAlive::opened)
        .exceptionHandler(e -> LOG.debug("a connection failed", e))
        .listen()
        .onSuccess(listening -> {
          listeners.add(listening);
          port.set(listening.actualPort());
        });
  }

  /// Shows another certificate from now on; connections that are open stay.
  private void renew(HttpServerOptions http, @Nullable PemKeyCertOptions certificate) {
    if (certificate == null) {
      return;
    }
    ServerSSLOptions renewed = http.getSslOptions().copy();
    renewed
        .setKeyCertOptions(certificate)
        .setApplicationLayerProtocols(
            http.getAlpnVersions().stream().map(HttpVersion::alpnName).toList());
    for (HttpServer listener : listeners) {
      listener
          .updateSSLOptions(renewed, true)
          .onFailure(e -> LOG.atError().setCause(e).log("the certificate could not be replaced"));
    }
  }

  private HttpServerOptions httpOptions() {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHost(options.host())
            // A negative port is one that the system chooses, shared by all event loops.
            .setPort(options.port() == 0 ? -1 : options.port())
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true)
            .setAcceptBacklog(1_024)
            .setMaxHeaderSize(16 * 1024)
            .setMaxInitialLineLength(8 * 1024)
            .setInitialSettings(
                new Http2Settings().setMaxConcurrentStreams(1_000).setInitialWindowSize(1 << 20))
            .setHttp2ConnectionWindowSize(8 << 20);
    if (options.tls().certificate() != null && options.tls().key() != null) {
      http.setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(options.tls().certificate().toString())
                  .setKeyPath(options.tls().key().toString()));
    }
    return http;
  }

  private ListenException cannotListen(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String why =
        cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")
            ? "it is in use by another process. Stop that, or choose another with --port."
            : "the system does not allow it (" + cause.getMessage() + ").";
    return new ListenException(
        "Cannot listen on " + options.host() + ":" + options.port() + ": " + why, e);
  }

  /// Begins to let clients in.
  public void attach(EdgeServices services) {
    KeyWatch watch = new KeyWatch(services.access().keys(), services.tokens());
    keys = watch;
    every(KEY_PACE, watch::sweep);
    credentials.open(services.access().keys(), services.tokens());
    Rooms.Desk desk = new Rooms.Desk(blocking, watch, credentials, new FanOut(services.broker()));
    Rooms rooms = Rooms.of(services, readiness, options, desk);
    gateway = rooms.gateway();
    door.open(rooms);
  }

  /// Who makes requests for webhooks; to be closed before this.
  public HttpSender webhookSender(WebhookConfig.Targets bounds) {
    return new HttpSender(vertx, bounds);
  }

  /// Method and path template of all that is answered in JSON, such as `GET /v1/libraries`.
  public List<String> routes() {
    return door.routes();
  }

  /// Where it listens.
  public int port() {
    return port.get();
  }

  /// Where to point a browser.
  public String url() {
    String host = options.host();
    boolean any = "0.0.0.0".equals(host) || "::".equals(host);
    String name = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return (options.tls().isOn() ? "https://" : "http://") + name + ":" + port();
  }

  /// Does something at a steady pace, on an event loop, for as long as the server is open.
  public void every(Duration pace, Runnable task) {
    vertx.setPeriodic(pace.toMillis(), _ -> task.run());
  }

  /// Who counts connections.
  public ConnectionGate connections() {
    return gate;
  }

  /// WebSockets that are open.
  public int webSockets() {
    Gateway open = gateway;
    return webSockets.open() + (open == null ? 0 : open.open());
  }

  /// Reads what first requests need, so that none waits for that. Returns at once.
  public void prepare() {
    Gateway open = gateway;
    if (open != null) {
      blocking.execute(open::prepare);
    }
  }

  /// Tells connections of the gateway that the server goes, and ends them one after the other.
  /// Waits for that, as long as configured.
  public void drain() {
    Gateway open = gateway;
    if (open != null) {
      open.drain();
    }
  }

  /// Runs what may block, a virtual thread each.
  public Executor blocking() {
    return blocking;
  }

  /// Tells WebSockets that are still open that the server goes, then ends all connections. Waits.
  @Override
  public void close() {
    KeyWatch watch = keys;
    if (watch != null) {
      watch.close();
    }
    webSockets.closeAll(CLOSE_GOING_AWAY, "server is shutting down");
    Gateway open = gateway;
    if (open != null) {
      open.closeAll(CLOSE_GOING_AWAY, "server is shutting down");
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().setCause(e).log("the network did not close in order");
    }
    blocking.shutdownNow();
  }
}

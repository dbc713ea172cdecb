package dev.myelin.client.transport;

import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemTrustOptions;

/// Makes the HTTP/2 and WebSocket clients of a network, all with the same settings.
final class Sockets {
  private static final int MAX_STREAMS = 10_000;
  private static final int RECEIVE_WINDOW_BYTES = 1024 * 1024;

  private final Endpoint endpoint;
  private final NetworkOptions options;

  Sockets(Endpoint endpoint, NetworkOptions options) {
    this.endpoint = endpoint;
    this.options = options;
  }

  /// For calls: they share one connection.
  HttpClient calls(Vertx vertx) {
    return vertx.createHttpClient(http2(), new PoolOptions().setHttp2MaxSize(1));
  }

  /// For observation streams: each has a connection of its own.
  HttpClient grpcStreams(Vertx vertx) {
    return vertx.createHttpClient(
        http2().setHttp2MultiplexingLimit(1), new PoolOptions().setHttp2MaxSize(MAX_STREAMS));
  }

  WebSocketClient webSockets(Vertx vertx) {
    WebSocketClientOptions sockets =
        new WebSocketClientOptions()
            .setMaxConnections(MAX_STREAMS)
            .setMaxFrameSize(GrpcAnswer.MAX_MESSAGE_BYTES)
            .setMaxMessageSize(GrpcAnswer.MAX_MESSAGE_BYTES)
            .setClosingTimeout(1);
    secure(sockets);
    if (options.trustAll()) {
      sockets.setVerifyHost(false);
    }
    return vertx.createWebSocketClient(sockets);
  }

  private HttpClientOptions http2() {
    HttpClientOptions http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2ConnectionWindowSize(RECEIVE_WINDOW_BYTES)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(RECEIVE_WINDOW_BYTES));
    secure(http);
    if (endpoint.tls()) {
      http.setUseAlpn(true);
    }
    if (options.trustAll()) {
      http.setVerifyHost(false);
    }
    return http;
  }

  private void secure(ClientOptionsBase sockets) {
    sockets
        .setConnectTimeout((int) options.connectTimeout().toMillis())
        .setSsl(endpoint.tls())
        .setTrustAll(options.trustAll());
    if (options.certificates() != null) {
      sockets.setTrustOptions(
          new PemTrustOptions().addCertPath(options.certificates().toAbsolutePath().toString()));
    }
  }
}

package dev.myelin.edge.webhook;

import dev.myelin.edge.webhook.TargetAddresses.Allowed;
import dev.myelin.edge.webhook.TargetAddresses.Refused;
import dev.myelin.edge.webhook.TargetAddresses.Unknown;
import dev.myelin.library.webhook.WebhookConfig;
import dev.myelin.library.webhook.WebhookSender;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes the requests of webhooks over HTTP/1.1.
///
/// A connection is made to an address that was just checked, while `Host`, the name in the TLS
/// handshake and the check of the certificate stay those of the URL: a name that resolves to
/// another address in the next moment gains nothing.
public final class HttpSender implements WebhookSender, AutoCloseable {
  private static final int CONNECTIONS_PER_TARGET = 32;

  /// Shorter than most servers keep a connection that nobody uses.
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final WebhookConfig.Targets bounds;
  private final TargetAddresses addresses;
  private final HttpClientAgent client;
  private final AtomicInteger turn = new AtomicInteger();

  public HttpSender(Vertx vertx, WebhookConfig.Targets bounds) {
    this.bounds = bounds;
    this.addresses = new TargetAddresses(bounds);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(bounds.connectTimeout().toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setVerifyHost(true),
            new PoolOptions()
                .setHttp1MaxSize(CONNECTIONS_PER_TARGET)
                .setMaxWaitQueueSize(CONNECTIONS_PER_TARGET));
  }

  @Override
  public Optional<String> refusal(URI target) {
    try {
      return addresses.find(target) instanceof Refused refused
          ? Optional.of(refused.reason())
          : Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("the server is shutting down.");
    }
  }

  @Override
  public Reply send(Post post) throws InterruptedException {
    return switch (addresses.find(post.target())) {
      case Refused refused -> new Unanswered("The target may not be called: " + refused.reason());
      case Unknown unknown -> new Unanswered(unknown.reason());
      case Allowed allowed -> {
        Exchange exchange = new Exchange(bounds.maxAnswerBytes());
        exchange.begin(client, request(post, choose(allowed.addresses())), post.body());
        yield exchange.await(post.timeout());
      }
    };
  }

  /// Another one each time, so that one that is down does not keep the others from being called.
  private InetAddress choose(List<InetAddress> found) {
    return found.get(Math.floorMod(turn.getAndIncrement(), found.size()));
  }

  private RequestOptions request(Post post, InetAddress address) {
    URI target = post.target();
    boolean tls = "https".equalsIgnoreCase(target.getScheme());
    int port = target.getPort() > 0 ? target.getPort() : tls ? 443 : 80;
    String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
            .setHost(target.getHost())
            .setPort(port)
            .setSsl(tls)
            .setURI(path + query)
            .setFollowRedirects(false)
            .setConnectTimeout(bounds.connectTimeout().toMillis());
    post.headers().forEach(options::putHeader);
    return options;
  }

  @Override
  public void close() {
    addresses.close();
    client.close();
  }
}

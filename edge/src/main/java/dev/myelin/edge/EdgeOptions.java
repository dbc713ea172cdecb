package dev.myelin.edge;

import dev.myelin.edge.auth.ApiKey;
import dev.myelin.edge.auth.OriginPolicy;
import dev.myelin.edge.rest.RestOptions;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.live.token.TokenConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the server listens, whom it lets in, and what it bounds.
///
/// @param port 0 for one that the system chooses
/// @param insecure whether it may listen beyond this machine without a key or tokens
/// @param eventLoops threads that serve connections; 0 for one per core
/// @param maxConnections open at the same time
/// @param requestTimeout how long a client may take for the head of its first request
/// @param keepAlive how long an HTTP/1.1 connection may stay without a request
public record EdgeOptions(
    String host,
    int port,
    boolean insecure,
    int eventLoops,
    int maxConnections,
    Duration requestTimeout,
    Duration keepAlive,
    Access access,
    Tls tls,
    SocketOptions sockets,
    RestOptions rest) {

  /// Whom the server lets in.
  ///
  /// @param apiKey what clients must show, null if nothing
  /// @param allowedOrigins web pages that may talk to the server, besides its own
  /// @param tokens whose tokens are taken
  /// @param queryToken whether a token may stand in the query of `/ws` and `/ws/stream`
  public record Access(
      @Nullable String apiKey,
      List<String> allowedOrigins,
      TokenConfig tokens,
      boolean queryToken) {
    public static final Access OPEN = new Access(null, List.of());

    public Access {
      allowedOrigins = List.copyOf(allowedOrigins);
      if (apiKey != null) {
        ApiKey.of(apiKey);
      }
      allowedOrigins.forEach(OriginPolicy::requireOrigin);
    }

    /// Without tokens.
    public Access(@Nullable String apiKey, List<String> allowedOrigins) {
      this(apiKey, allowedOrigins, TokenConfig.NONE, true);
    }

    /// This with tokens.
    public Access withTokens(TokenConfig other) {
      return new Access(apiKey, allowedOrigins, other, queryToken);
    }

    /// Whether who shows nothing may do nothing.
    boolean isClosed() {
      return apiKey != null || tokens.isOn();
    }

    @Override
    public String toString() {
      return "Access[apiKey=" + (apiKey == null ? "none" : "hidden") + ", " + tokens + "]";
    }
  }

  /// Where the certificate is, if the server speaks TLS.
  ///
  /// @param certificate PEM file with the chain, null for no TLS
  /// @param key PEM file with the private key
  /// @param reloadInterval how often it is looked whether the files have changed
  public record Tls(@Nullable Path certificate, @Nullable Path key, Duration reloadInterval) {
    public static final Tls NONE = new Tls(null, null);

    /// Files that are looked at every ten seconds.
    public Tls(@Nullable Path certificate, @Nullable Path key) {
      this(certificate, key, Duration.ofSeconds(10));
    }

    public Tls {
      if ((certificate == null) != (key == null)) {
        throw new IllegalArgumentException(
            "tls: only one of certificate and key is set (expected: both or none)");
      }
      if (reloadInterval.toMillis() < 1) {
        throw new IllegalArgumentException(
            "tls.reload-interval: " + reloadInterval + " (expected: 1 ms or more)");
      }
    }

    public boolean isOn() {
      return certificate != null;
    }
  }

  public static final EdgeOptions DEFAULT =
      new EdgeOptions(
          "127.0.0.1",
          8080,
          false,
          0,
          10_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Access.OPEN,
          Tls.NONE,
          SocketOptions.DEFAULT,
          RestOptions.DEFAULT);

  public EdgeOptions {
    require(!host.isBlank(), "host", host, "an address or a name");
    require(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
    require(eventLoops >= 0 && eventLoops <= 256, "eventLoops", eventLoops, "0 to 256");
    require(maxConnections >= 1, "maxConnections", maxConnections, "1 or more");
    require(requestTimeout.isPositive(), "requestTimeout", requestTimeout, "more than 0");
    require(keepAlive.isPositive(), "keepAlive", keepAlive, "more than 0");
    require(
        access.isClosed() || insecure || isLoopback(host),
        "host",
        host,
        "a loopback address, or an API key in MYELIN_API_KEY, or a secret of tokens in"
            + " MYELIN_AUTH_JWT_SECRET or their issuer's keys in MYELIN_AUTH_JWT_JWKS, or"
            + " --insecure if everybody who can reach this address may read and write everything");
  }

  /// These options at another address.
  public EdgeOptions at(String address, int listeningPort) {
    return new EdgeOptions(
        address,
        listeningPort,
        insecure,
        eventLoops,
        maxConnections,
        requestTimeout,
        keepAlive,
        access,
        tls,
        sockets,
        rest);
  }

  /// These options with other rules for who may come in.
  public EdgeOptions withAccess(Access other) {
    return new EdgeOptions(
        host,
        port,
        insecure,
        eventLoops,
        maxConnections,
        requestTimeout,
        keepAlive,
        other,
        tls,
        sockets,
        rest);
  }

  /// These options with other bounds of WebSockets.
  public EdgeOptions withSockets(SocketOptions other) {
    return new EdgeOptions(
        host,
        port,
        insecure,
        eventLoops,
        maxConnections,
        requestTimeout,
        keepAlive,
        access,
        tls,
        other,
        rest);
  }

  /// These options with other bounds of HTTP requests.
  public EdgeOptions withRest(RestOptions other) {
    return new EdgeOptions(
        host,
        port,
        insecure,
        eventLoops,
        maxConnections,
        requestTimeout,
        keepAlive,
        access,
        tls,
        sockets,
        other);
  }

  /// These options with other bounds of connections.
  public EdgeOptions withConnections(int most, Duration firstRequest, Duration idle) {
    return new EdgeOptions(
        host, port, insecure, eventLoops, most, firstRequest, idle, access, tls, sockets, rest);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  /// Whether only this machine can reach the server.
  public boolean isLoopback() {
    return isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}

package dev.myelin.client.transport;

import java.net.URI;
import java.util.Locale;

/// Where a server is.
///
/// @param prefix what stands before every path, for a server behind a proxy; empty or `/...`
public record Endpoint(String host, int port, boolean tls, String prefix) {

  /// Reads `http`, `https`, `ws`, `wss`, `grpc` and `grpcs` addresses: all surfaces of a server
  /// share one port, so only the host, the port and whether it is encrypted matter.
  ///
  /// @throws IllegalArgumentException if it is none of these
  public static Endpoint of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls =
        switch (scheme) {
          case "http", "ws", "grpc" -> false;
          case "https", "wss", "grpcs" -> true;
          default -> throw invalid(uri);
        };
    if (uri.getHost() == null) {
      throw invalid(uri);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getPath() == null ? "" : uri.getPath();
    return new Endpoint(unbracketed(uri.getHost()), port, tls, withoutEndingSlash(path));
  }

  private static IllegalArgumentException invalid(URI uri) {
    return new IllegalArgumentException(
        "server address: " + uri + " (expected: for example http://127.0.0.1:8080)");
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String withoutEndingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + shown + ":" + port + prefix;
  }
}

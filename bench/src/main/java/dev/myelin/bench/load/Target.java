package dev.myelin.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The server to load.
///
/// @param apiKey shown if not null
public record Target(String host, int port, @Nullable String apiKey) {
  private static final int HTTP_PORT = 80;

  /// Reads an address.
  ///
  /// @throws LoadFailure if it is not an address of the form `http://host:port`
  public static Target parse(String url, @Nullable String apiKey) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new LoadFailure("the address " + url + " is not one (expected: http://host:port)", e);
    }
    if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
      throw new LoadFailure("the address " + url + " cannot be used (expected: http://host:port)");
    }
    return new Target(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort(), apiKey);
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /// The address of a page.
  public URI page(String path) {
    return URI.create("http://" + host + ":" + port + path);
  }
}

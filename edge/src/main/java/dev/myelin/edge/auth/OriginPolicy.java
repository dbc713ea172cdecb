package dev.myelin.edge.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which web pages may talk to the server. Browsers name the origin of a page; a page of another
/// origin must not reach a server on somebody's own machine, so it is refused unless it is listed.
///
/// On a loopback address the `Host` must be an address, `localhost`, or the host of a listed
/// origin: otherwise a foreign name that resolves to this machine would make a foreign page one of
/// ours.
public final class OriginPolicy {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  private final Set<String> allowed;
  private final Set<String> allowedHosts;
  private final boolean loopback;

  /// @param allowed origins such as `https://app.example.com`
  /// @param loopback whether the server can be reached from this machine only
  /// @throws IllegalArgumentException if one of them is no origin
  public OriginPolicy(List<String> allowed, boolean loopback) {
    this.allowed = allowed.stream().map(OriginPolicy::requireOrigin).collect(Collectors.toSet());
    this.allowedHosts =
        this.allowed.stream()
            .map(origin -> nameOf(origin.substring(origin.indexOf("//") + 2)))
            .collect(Collectors.toSet());
    this.loopback = loopback;
  }

  /// The origin in a text, in lower case.
  ///
  /// @throws IllegalArgumentException if it is none
  public static String requireOrigin(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && text.equals(uri.getScheme() + "://" + uri.getAuthority())) {
        return text.toLowerCase(Locale.ROOT);
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "allowed-origins: " + text + " (expected: scheme, host and port, https://app.example.com)");
  }

  /// Whether a request from a page of that origin is welcome. No origin: not from a page.
  public boolean allows(@Nullable String origin, @Nullable String host) {
    return origin == null
        || isListed(origin)
        || (host != null && isSameOrigin(origin, host) && allowsHost(host));
  }

  /// Whether the origin is one of those that were configured.
  public boolean isListed(String origin) {
    return allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean isSameOrigin(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  /// Whether a request that names this host is meant for this server.
  public boolean allowsHost(@Nullable String host) {
    if (!loopback || host == null) {
      return true;
    }
    String name = nameOf(host);
    return ADDRESS.matcher(name).matches()
        || "localhost".equals(name)
        || name.endsWith(".localhost")
        || allowedHosts.contains(name);
  }

  /// A host without its port, in lower case.
  private static String nameOf(String host) {
    int bracket = host.indexOf(']');
    int colon = host.indexOf(':', Math.max(bracket, 0));
    return (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
  }
}

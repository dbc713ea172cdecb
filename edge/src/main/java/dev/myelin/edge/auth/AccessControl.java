package dev.myelin.edge.auth;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides over a request by its headers alone, before anything else is done for it. Any thread.
public final class AccessControl {
  /// The WebSocket subprotocol a client offers when it has to offer one.
  public static final String PROTOCOL = "myelin.v1";

  /// How a browser shows the key: as a second subprotocol, base64url of the key behind this. Unlike
  /// a query parameter it stays out of logs and histories.
  public static final String KEY_PROTOCOL = "myelin.key.";

  private static final String BEARER = "Bearer ";

  private final @Nullable ApiKey key;
  private final OriginPolicy origins;

  /// @param key what clients must show, null if nothing
  public AccessControl(@Nullable ApiKey key, OriginPolicy origins) {
    this.key = key;
    this.origins = origins;
  }

  /// Why a request is refused.
  public enum Refusal {
    /// It shows no key, or a wrong one.
    UNAUTHENTICATED,
    /// It comes from a web page that is not listed.
    FOREIGN_ORIGIN,
    /// It names a host that this server is not.
    FOREIGN_HOST
  }

  /// Looks at origin and key, or only at the origin of what needs no key.
  ///
  /// @param host what the request names as its host, null if it does not have to (HTTP/2)
  /// @return why it is refused, or empty
  public Optional<Refusal> check(MultiMap headers, @Nullable String host, boolean needsKey) {
    if (!origins.allowsHost(host)) {
      return Optional.of(Refusal.FOREIGN_HOST);
    }
    String origin = headers.get("origin");
    if (!origins.allows(origin, host == null ? headers.get("host") : host)) {
      return Optional.of(Refusal.FOREIGN_ORIGIN);
    }
    return needsKey && key != null && !showsKey(headers, key)
        ? Optional.of(Refusal.UNAUTHENTICATED)
        : Optional.empty();
  }

  /// Whether answers to this origin say that its pages may read them.
  public boolean isListedOrigin(String origin) {
    return origins.isListed(origin);
  }

  public boolean wantsKey() {
    return key != null;
  }

  private static boolean showsKey(MultiMap headers, ApiKey key) {
    String shown = shown(headers);
    return shown != null && key.matches(shown);
  }

  private static @Nullable String shown(MultiMap headers) {
    String authorization = headers.get("authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    String header = headers.get("x-api-key");
    return header != null ? header : ofProtocols(headers.get("sec-websocket-protocol"));
  }

  private static @Nullable String ofProtocols(@Nullable String protocols) {
    if (protocols == null) {
      return null;
    }
    for (String protocol : protocols.split(",", 16)) {
      String name = protocol.strip();
      if (name.startsWith(KEY_PROTOCOL)) {
        return decode(name.substring(KEY_PROTOCOL.length()));
      }
    }
    return null;
  }

  private static @Nullable String decode(String base64Url) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}

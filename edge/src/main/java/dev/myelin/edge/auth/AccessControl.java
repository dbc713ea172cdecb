package dev.myelin.edge.auth;

import dev.myelin.live.access.ApiKeys;
import dev.myelin.model.Principal;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Decides over a request by its headers alone, before anything else is done for it. Any thread.
public final class AccessControl {
  /// The WebSocket subprotocol a client offers when it has to offer one.
  public static final String PROTOCOL = "myelin.v1";

  /// How a browser shows the key: as a second subprotocol, base64url of the key behind this. Unlike
  /// a query parameter it stays out of logs and histories.
  public static final String KEY_PROTOCOL = "myelin.key.";

  private static final String BEARER = "Bearer ";

  private final @Nullable ApiKey rootKey;
  private final boolean loopback;
  private final OriginPolicy origins;
  private final AtomicReference<@Nullable ApiKeys> keys = new AtomicReference<>();

  /// @param rootKey whoever shows it runs the server; null if none is configured
  /// @param loopback whether the server can be reached from this machine only: then, with no root
  ///   key, who shows no key runs it too
  public AccessControl(@Nullable ApiKey rootKey, boolean loopback, OriginPolicy origins) {
    this.rootKey = rootKey;
    this.loopback = loopback;
    this.origins = origins;
  }

  /// Lets the keys in that were made.
  public void open(ApiKeys made) {
    keys.set(made);
  }

  /// What comes of a request.
  public sealed interface Decision {}

  /// It may come in.
  ///
  /// @param principal NOBODY if it shows no key where one is needed for more
  public record Welcome(Principal principal) implements Decision {}

  /// Why a request is refused.
  public enum Refusal implements Decision {
    /// It shows no key, or a wrong one.
    UNAUTHENTICATED,
    /// It comes from a web page that is not listed.
    FOREIGN_ORIGIN,
    /// It names a host that this server is not.
    FOREIGN_HOST,
    /// It shows a key that cannot be looked up yet.
    NOT_OPEN
  }

  /// Looks at host, origin and key. A key that is shown must be right, also where none is needed.
  ///
  /// @param host what the request names as its host, null if it does not have to (HTTP/2)
  public Decision check(MultiMap headers, @Nullable String host, boolean needsKey) {
    if (!origins.allowsHost(host)) {
      return Refusal.FOREIGN_HOST;
    }
    String origin = headers.get("origin");
    if (!origins.allows(origin, host == null ? headers.get("host") : host)) {
      return Refusal.FOREIGN_ORIGIN;
    }
    String shown = shown(headers);
    return shown == null ? withoutKey(needsKey) : withKey(shown);
  }

  private Decision withoutKey(boolean needsKey) {
    if (isOpen()) {
      return new Welcome(Principal.ANONYMOUS);
    }
    return needsKey ? Refusal.UNAUTHENTICATED : new Welcome(Principal.NOBODY);
  }

  /// Whether who shows no key runs the server. Beyond this machine, only until a key was made.
  private boolean isOpen() {
    ApiKeys made = keys.get();
    return rootKey == null && (loopback || made == null || made.isEmpty());
  }

  private Decision withKey(String shown) {
    if (rootKey != null && rootKey.matches(shown)) {
      return new Welcome(Principal.ROOT);
    }
    ApiKeys made = keys.get();
    if (made == null) {
      return Refusal.NOT_OPEN;
    }
    Optional<Principal> principal = made.authenticate(shown);
    return principal.isPresent() ? new Welcome(principal.get()) : Refusal.UNAUTHENTICATED;
  }

  /// Whether answers to this origin say that its pages may read them.
  public boolean isListedOrigin(String origin) {
    return origins.isListed(origin);
  }

  /// The key that a request shows, null if none; empty if it shows something that cannot be one.
  private static @Nullable String shown(MultiMap headers) {
    String authorization = headers.get("authorization");
    if (authorization != null
        && (authorization + " ").regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length() - 1).strip();
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

  private static String decode(String base64Url) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return ""; // no key is empty
    }
  }
}

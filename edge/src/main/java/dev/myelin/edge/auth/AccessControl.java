package dev.myelin.edge.auth;

import dev.myelin.live.token.TokenException;
import dev.myelin.model.Principal;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Decides over a request by its headers alone, before anything else is done for it. Any thread.
public final class AccessControl {
  /// The WebSocket subprotocol a client offers when it has to offer one.
  public static final String PROTOCOL = "myelin.v1";

  /// How a browser shows the key: as a second subprotocol, base64url of the key behind this. Unlike
  /// a query parameter it stays out of logs and histories.
  public static final String KEY_PROTOCOL = "myelin.key.";

  private static final String BEARER = "Bearer ";

  /// What is said of a key that opens nothing.
  static final String WRONG =
      "No API key, or a wrong one; keys that were revoked or have expired are wrong too."
          + " Send it as Authorization: Bearer KEY or X-API-Key: KEY.";

  private final Credentials credentials;
  private final OriginPolicy origins;
  private final boolean queryTokens;

  /// @param queryTokens whether a token may stand in the query of a handshake
  public AccessControl(Credentials credentials, OriginPolicy origins, boolean queryTokens) {
    this.credentials = credentials;
    this.origins = origins;
    this.queryTokens = queryTokens;
  }

  /// What comes of a request.
  public sealed interface Decision {}

  /// It may come in.
  ///
  /// @param principal NOBODY if it shows no key where one is needed for more
  public record Welcome(Principal principal) implements Decision {}

  /// It shows something that opens nothing.
  ///
  /// @param temporary whether it may do so in a moment
  /// @param text for the client
  public record Denied(boolean temporary, String text) implements Decision {}

  /// Why a request is refused.
  public enum Refusal implements Decision {
    /// It comes from a web page that is not listed.
    FOREIGN_ORIGIN,
    /// It names a host that this server is not.
    FOREIGN_HOST
  }

  /// Looks at host, origin and credential. A credential that is shown must be right, also where
  /// none is needed; of several, the first counts: header, ticket, token.
  ///
  /// @param host what the request names as its host, null if it does not have to (HTTP/2)
  /// @param query what it shows besides its headers
  public Decision check(MultiMap headers, @Nullable String host, boolean needsKey, InQuery query) {
    if (!origins.allowsHost(host)) {
      return Refusal.FOREIGN_HOST;
    }
    String origin = headers.get("origin");
    if (!origins.allows(origin, host == null ? headers.get("host") : host)) {
      return Refusal.FOREIGN_ORIGIN;
    }
    try {
      Principal shown = shown(headers, query);
      return shown == null ? withoutKey(needsKey) : new Welcome(shown);
    } catch (TokenException e) {
      return new Denied(e.reason() == TokenException.Reason.UNAVAILABLE, e.text());
    }
  }

  private Decision withoutKey(boolean needsKey) {
    if (!credentials.required()) {
      return new Welcome(Principal.ANONYMOUS);
    }
    return needsKey ? new Denied(false, WRONG) : new Welcome(Principal.NOBODY);
  }

  /// Who is shown, null if nothing is.
  private @Nullable Principal shown(MultiMap headers, InQuery query) throws TokenException {
    String header = shown(headers);
    if (header != null) {
      return credentials.of(header);
    }
    if (query.ticket() != null) {
      return credentials.ofTicket(query.ticket());
    }
    if (query.token() == null) {
      return null;
    }
    if (!queryTokens) {
      throw new TokenException(
          TokenException.Reason.INVALID,
          "Tokens in the query are switched off here (auth.query-token). Send it as a header, get"
              + " a ticket for it, or send it in connection.init.");
    }
    return credentials.of(query.token());
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

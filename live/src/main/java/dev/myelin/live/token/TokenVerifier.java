package dev.myelin.live.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.myelin.model.Principal;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells who holds a signed token (JWT, RFC 7519; JWS compact form, RFC 7515).
///
/// **Algorithms.** HS256 with the configured secret; RS256, ES256 and EdDSA (Ed25519) with the keys
/// of a JWKS; nothing else, and never `none`. **Threads.** Any; never blocks: keys are read in the
/// background.
public final class TokenVerifier {
  private static final int MAX_CHARACTERS = 8 * 1024;

  private final TokenClaims claims;
  private final InstantSource clock;
  private final @Nullable TokenKey secret;
  private final @Nullable Jwks published;

  public TokenVerifier(TokenConfig config, InstantSource clock) {
    this.claims = new TokenClaims(config);
    this.clock = clock;
    this.secret = config.secret() == null ? null : TokenKey.ofSecret(config.secret());
    this.published = config.jwks() == null ? null : new Jwks(JwksSource.of(config.jwks()), clock);
    tick();
  }

  /// Whether a text has the form of a token; an API key has not.
  public static boolean isToken(String text) {
    return text.chars().filter(character -> character == '.').count() == 2;
  }

  /// Reads the issuer's keys again if it is time to; to be called about once a second.
  public void tick() {
    if (published != null) {
      published.tick();
    }
  }

  /// Who holds a token. Whether it was revoked is not looked at.
  ///
  /// @throws TokenException INVALID, EXPIRED, or UNAVAILABLE
  public Principal verify(String token) throws TokenException {
    if (token.length() > MAX_CHARACTERS) {
      throw TokenException.invalid("The token has more than " + MAX_CHARACTERS + " characters.");
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSHeader header = jwt.getHeader();
      if (header.getCriticalParams() != null) {
        throw TokenException.invalid("The token needs an extension that is not there (crit).");
      }
      requireSigned(jwt, keys(header));
      JWTClaimsSet said = jwt.getJWTClaimsSet();
      if (said == null) {
        throw unreadable();
      }
      return claims.principal(said, clock.instant());
    } catch (ParseException _) {
      throw unreadable();
    }
  }

  private static TokenException unreadable() {
    return TokenException.invalid(
        "The token cannot be read (expected: a signed JWT in its compact form).");
  }

  private List<TokenKey> keys(JWSHeader header) throws TokenException {
    JWSAlgorithm algorithm = header.getAlgorithm();
    if (secret != null && secret.algorithm().equals(algorithm)) {
      return List.of(secret);
    }
    boolean isPublic =
        JWSAlgorithm.RS256.equals(algorithm)
            || JWSAlgorithm.ES256.equals(algorithm)
            || JWSAlgorithm.EdDSA.equals(algorithm);
    if (published == null || !isPublic) {
      throw TokenException.invalid("The token is signed with an algorithm that is not taken here.");
    }
    return published.find(algorithm, header.getKeyID());
  }

  private static void requireSigned(SignedJWT jwt, List<TokenKey> keys) throws TokenException {
    for (TokenKey key : keys) {
      try {
        if (jwt.verify(key.verifier())) {
          return;
        }
      } catch (JOSEException | IllegalStateException _) {
        // Not by this key.
      }
    }
    throw TokenException.invalid("The signature of the token is wrong.");
  }
}

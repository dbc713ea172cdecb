package dev.myelin.live.token;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.myelin.live.token.TokenException.Reason;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.model.Principal.Proof;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a token says, once its signature was found to be right (RFC 7519, section 4).
final class TokenClaims {
  private final TokenConfig config;

  TokenClaims(TokenConfig config) {
    this.config = config;
  }

  /// @throws TokenException if the token is not for now, not for this server, or says too little
  Principal principal(JWTClaimsSet claims, Instant now) throws TokenException {
    Instant expires = requireNow(claims, now);
    requireOurs(claims);
    try {
      String subject = claims.getSubject();
      if (subject == null || subject.isBlank()) {
        throw TokenException.invalid("The token names no user (expected: sub).");
      }
      String tenant = textOr(claims, "tenant_id", SpaceId.DEFAULT_TENANT);
      if (!SpaceId.isTenant(tenant)) {
        throw TokenException.invalid(
            "The token's tenant_id is no name of a tenant (expected: 1 to 64 characters of a-z,"
                + " 0-9, _ and -).");
      }
      Date issued = claims.getIssueTime();
      return new Principal(
          tenant,
          subject,
          textOr(claims, "name", subject),
          texts(claims, "roles"),
          permissions(texts(claims, "permissions")),
          new Proof.Token(
              claims.getJWTID(),
              issued == null ? Instant.EPOCH : issued.toInstant(),
              expires,
              claims.getStringClaim("session_id")));
    } catch (ParseException _) {
      throw TokenException.invalid("A claim of the token is of another kind than it should be.");
    } catch (ServiceException _) {
      throw TokenException.invalid(
          "The token's sub is no name of a user here (expected: 1 to 200 characters).");
    }
  }

  private static Instant requireNow(JWTClaimsSet claims, Instant now) throws TokenException {
    Date expires = claims.getExpirationTime();
    if (expires == null) {
      throw TokenException.invalid("The token never expires (expected: exp).");
    }
    if (!isAlive(expires.toInstant(), now)) {
      throw new TokenException(Reason.EXPIRED, "The token has expired. Send a new one.");
    }
    Date begins = claims.getNotBeforeTime();
    if (begins != null && now.plus(TokenConfig.LEEWAY).isBefore(begins.toInstant())) {
      throw TokenException.invalid("The token is not valid yet (nbf).");
    }
    return expires.toInstant();
  }

  /// Whether a token that ends then is still taken.
  static boolean isAlive(Instant expires, Instant now) {
    return now.minus(TokenConfig.LEEWAY).isBefore(expires);
  }

  private void requireOurs(JWTClaimsSet claims) throws TokenException {
    if (config.issuer() != null && !config.issuer().equals(claims.getIssuer())) {
      throw TokenException.invalid("The token is of another issuer (iss).");
    }
    if (config.audience() != null && !claims.getAudience().contains(config.audience())) {
      throw TokenException.invalid("The token is for another audience (aud).");
    }
  }

  private static String textOr(JWTClaimsSet claims, String name, String otherwise)
      throws ParseException {
    @Nullable String text = claims.getStringClaim(name);
    return text == null ? otherwise : text;
  }

  private static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
    @Nullable List<String> texts = claims.getStringListClaim(name);
    if (texts == null) {
      return List.of();
    }
    for (@Nullable String text : texts) {
      if (text == null) {
        throw new ParseException(name, 0);
      }
    }
    return texts;
  }

  /// Issuers have permissions of their own besides ours; what is none of ours permits nothing.
  private static List<Permission> permissions(List<String> texts) {
    List<Permission> all = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        all.add(Permission.parse(text));
      } catch (ServiceException _) {
        // It permits nothing.
      }
    }
    return all;
  }
}

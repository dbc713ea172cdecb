package dev.myelin.live.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.myelin.model.Permission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes tokens with a shared secret (HS256), to try things out.
public final class TokenSigner {
  private final TokenConfig config;
  private final String secret;

  /// What a token is to say.
  ///
  /// @param lifetime from now on
  public record Wanted(
      String subject,
      String tenant,
      @Nullable String name,
      List<String> roles,
      List<Permission> permissions,
      Duration lifetime) {
    public Wanted {
      roles = List.copyOf(roles);
      permissions = List.copyOf(permissions);
    }
  }

  /// @param config has a secret; its issuer and audience are those of the tokens
  public TokenSigner(TokenConfig config) {
    if (config.secret() == null) {
      throw new IllegalArgumentException("secret: none (expected: one to sign with)");
    }
    this.config = config;
    this.secret = config.secret();
  }

  /// A token with an id of its own.
  public String sign(Wanted wanted, Instant now) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .jwtID(UUID.randomUUID().toString())
            .subject(wanted.subject())
            .claim("tenant_id", wanted.tenant())
            .claim("permissions", wanted.permissions().stream().map(Object::toString).toList())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(wanted.lifetime())));
    if (wanted.name() != null) {
      claims.claim("name", wanted.name());
    }
    if (!wanted.roles().isEmpty()) {
      claims.claim("roles", wanted.roles());
    }
    if (config.issuer() != null) {
      claims.issuer(config.issuer());
    }
    if (config.audience() != null) {
      claims.audience(config.audience());
    }
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims.build());
    try {
      token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
    return token.serialize();
  }
}

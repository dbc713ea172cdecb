package dev.myelin.live.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key that tokens are checked with, by the one algorithm that its kind has. What a token says of
/// its algorithm chooses among keys and never what is done with one, so that a public key cannot be
/// taken for a secret (RFC 8725, sections 2.1 and 3.1).
///
/// @param id `kid`, null if it has none
record TokenKey(@Nullable String id, JWSAlgorithm algorithm, JWSVerifier verifier) {
  private static final int MIN_RSA_BITS = 2_048;

  /// The key of a shared secret: HS256.
  static TokenKey ofSecret(String secret) {
    try {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      return new TokenKey(null, JWSAlgorithm.HS256, new MACVerifier(bytes));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("secret: too short (expected: 32 bytes or more)", e);
    }
  }

  /// A public key: RSA of 2048 bits or more for RS256, P-256 for ES256, Ed25519 for EdDSA. Empty
  /// for all others, those for other algorithms, and those that are not for signatures.
  static Optional<TokenKey> of(JWK jwk) {
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    try {
      return switch (jwk) {
        case RSAKey rsa when rsa.size() >= MIN_RSA_BITS ->
            of(jwk, JWSAlgorithm.RS256, new RSASSAVerifier(rsa));
        case ECKey ec when Curve.P_256.equals(ec.getCurve()) ->
            of(jwk, JWSAlgorithm.ES256, new ECDSAVerifier(ec));
        case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
            of(jwk, JWSAlgorithm.EdDSA, new Ed25519Verifier(pair.getDecodedX()));
        default -> Optional.empty();
      };
    } catch (JOSEException | GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static Optional<TokenKey> of(JWK jwk, JWSAlgorithm algorithm, JWSVerifier verifier) {
    boolean fits = jwk.getAlgorithm() == null || algorithm.equals(jwk.getAlgorithm());
    return fits ? Optional.of(new TokenKey(jwk.getKeyID(), algorithm, verifier)) : Optional.empty();
  }

  boolean fits(JWSAlgorithm wanted, @Nullable String wantedId) {
    return algorithm.equals(wanted) && (wantedId == null || wantedId.equals(id));
  }
}

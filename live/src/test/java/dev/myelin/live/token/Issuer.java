package dev.myelin.live.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/// Somebody who signs tokens with keys that he publishes.
final class Issuer {
  private Issuer() {}

  static RSAKey rsa(String id) throws Exception {
    return new RSAKeyGenerator(2_048).keyID(id).generate();
  }

  static ECKey p256(String id) throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  static KeyPair ed25519() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  /// The public half as it is published: the last 32 bytes of its DER form (RFC 8410).
  static OctetKeyPair published(KeyPair pair, String id) {
    byte[] der = pair.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(der, der.length - 32, der.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(id).build();
  }

  static String jwks(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(true); // public parts only
  }

  static String token(RSAKey key) throws Exception {
    return token(JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key));
  }

  static String token(ECKey key) throws Exception {
    return token(JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key));
  }

  /// Signed with what everybody knows, as if it were a secret.
  static String confused(RSAKey key) throws Exception {
    byte[] known = key.toRSAPublicKey().getEncoded();
    return token(JWSAlgorithm.HS256, key.getKeyID(), new MACSigner(known));
  }

  static String token(KeyPair ed25519, String id) throws Exception {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID(id).build();
    Base64URL payload = claims().toPayload().toBase64URL();
    String signed = header.toBase64URL() + "." + payload;
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(ed25519.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64URL.encode(signature.sign());
  }

  private static String token(JWSAlgorithm algorithm, String id, JWSSigner signer)
      throws Exception {
    JWSHeader header = new JWSHeader.Builder(algorithm).keyID(id).build();
    SignedJWT token = new SignedJWT(header, claims());
    token.sign(signer);
    return token.serialize();
  }

  private static JWTClaimsSet claims() {
    return new JWTClaimsSet.Builder()
        .subject("ann")
        .expirationTime(Date.from(ManualClock.START.plusSeconds(3_600)))
        .build();
  }
}

package dev.myelin.server;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Makes tokens, good ones and bad ones, and publishes keys in a file.
final class TokenMint {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  static final String ISSUER = "https://issuer.example";
  static final String AUDIENCE = "myelin";

  private final RSAKey rsa;
  private final Path file;

  TokenMint(Path file) throws Exception {
    this.rsa = new RSAKeyGenerator(2_048).keyID("r1").generate();
    this.file = file;
    publish(rsa);
  }

  RSAKey rsa() {
    return rsa;
  }

  static ECKey ec(String id) throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  /// Puts the public halves of keys where the server reads them, at one stroke.
  void publish(JWK... keys) throws IOException {
    Path fresh = file.resolveSibling("fresh.json");
    Files.writeString(fresh, new JWKSet(List.of(keys)).toString(true));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// What is right in every way, of a user who may do everything in a tenant.
  static JWTClaimsSet.Builder claims(String subject, String tenant) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .jwtID(UUID.randomUUID().toString())
        .subject(subject)
        .claim("tenant_id", tenant)
        .claim("permissions", List.of("*"))
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(30))));
  }

  static String sign(JWTClaimsSet.Builder claims) throws Exception {
    return sign(claims, SECRET.getBytes(StandardCharsets.UTF_8));
  }

  private static String sign(JWTClaimsSet.Builder claims, byte[] secret) throws Exception {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  static String token(String subject, String tenant) throws Exception {
    return sign(claims(subject, tenant));
  }

  static String permitting(String... permissions) throws Exception {
    return sign(claims("ann", "t1").claim("permissions", List.of(permissions)));
  }

  static String rs256(RSAKey key) throws Exception {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims("ann", "t1").build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  static String es256(ECKey key) throws Exception {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims("ann", "t1").build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  /// Tokens that open nothing, by what is wrong with them.
  Map<String, String> bad() throws Exception {
    Instant now = Instant.now();
    String good = token("ann", "t1");
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("wrong", good.substring(0, good.length() - 6) + "AAAAAA");
    bad.put("another secret", sign(claims("ann", "t1"), new byte[32]));
    bad.put("expired", sign(claims("ann", "t1").expirationTime(Date.from(now.minusSeconds(60)))));
    bad.put("future", sign(claims("ann", "t1").notBeforeTime(Date.from(now.plusSeconds(600)))));
    bad.put("never expires", sign(claims("ann", "t1").expirationTime(null)));
    bad.put("foreign audience", sign(claims("ann", "t1").audience("others")));
    bad.put("foreign issuer", sign(claims("ann", "t1").issuer("https://evil.example")));
    bad.put("none", new PlainJWT(claims("ann", "t1").build()).serialize());
    bad.put("confused", sign(claims("ann", "t1"), rsa.toRSAPublicKey().getEncoded()));
    bad.put("unknown key", rs256(new RSAKeyGenerator(2_048).keyID("r1").generate()));
    return bad;
  }
}

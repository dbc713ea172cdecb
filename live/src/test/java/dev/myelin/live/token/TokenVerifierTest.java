package dev.myelin.live.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.myelin.live.token.TokenException.Reason;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import dev.myelin.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Tokens with a shared secret, and what all tokens have to say.
final class TokenVerifierTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final TokenConfig CONFIG = new TokenConfig(SECRET, null, null, null);

  private final ManualClock clock = new ManualClock();
  private final TokenVerifier verifier = new TokenVerifier(CONFIG, clock);

  private static Date at(Duration sinceStart) {
    return Date.from(ManualClock.START.plus(sinceStart));
  }

  private static String token(Consumer<JWTClaimsSet.Builder> change) throws Exception {
    return token(JWSAlgorithm.HS256, SECRET, change);
  }

  private static String token(
      JWSAlgorithm algorithm, String secret, Consumer<JWTClaimsSet.Builder> change)
      throws Exception {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder().subject("ann").expirationTime(at(Duration.ofMinutes(5)));
    change.accept(claims);
    SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.build());
    token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    return token.serialize();
  }

  private static TokenException refused(TokenVerifier verifier, String token) {
    TokenException failure =
        catchThrowableOfType(TokenException.class, () -> verifier.verify(token));
    assertThat(failure).as(token).isNotNull();
    assertThat(failure.text()).isNotEmpty();
    for (String part : token.split("\\.", -1)) {
      if (part.length() > 8) {
        assertThat(failure.text()).doesNotContain(part);
      }
    }
    return failure;
  }

  private void invalid(String token) {
    assertThat(refused(verifier, token).reason()).isEqualTo(Reason.INVALID);
  }

  @Test
  void readsWhatATokenSays() throws Exception {
    Principal ann =
        verifier.verify(
            token(claims ->
                claims
                    .jwtID("j-1")
                    .claim("tenant_id", "t1")
                    .claim("name", "Ann")
                    .claim("roles", List.of("editor"))
                    .claim("session_id", "s-1")
                    .claim("permissions", List.of("team:*:write", "not one of ours", "a:b:c"))
                    .issueTime(at(Duration.ZERO))));
    assertThat(ann.tenant()).isEqualTo("t1");
    assertThat(ann.subject()).isEqualTo("ann");
    assertThat(ann.name()).isEqualTo("Ann");
    assertThat(ann.roles()).containsExactly("editor");
    assertThat(ann.permissions()).containsExactly(Permission.parse("team:*:write"));
    assertThat(ann.tokenId()).isEqualTo("j-1");
    assertThat(ann.expiresAt()).isEqualTo(ManualClock.START.plusSeconds(300));
    assertThat(ann.proof())
        .isEqualTo(
            new Principal.Proof.Token(
                "j-1", ManualClock.START, ManualClock.START.plusSeconds(300), "s-1"));
  }

  @Test
  void whatATokenLeavesOutIsNotInvented() throws Exception {
    Principal ann = verifier.verify(token(_ -> {}));
    assertThat(ann.tenant()).isEqualTo("default");
    assertThat(ann.name()).isEqualTo("ann");
    assertThat(ann.permissions()).isEmpty();
    assertThat(ann.tokenId()).isNull();
    assertThat(ann.proof())
        .isEqualTo(
            new Principal.Proof.Token(
                null, Instant.EPOCH, ManualClock.START.plusSeconds(300), null));
  }

  @Test
  void takesAFewSecondsOfDifferenceBetweenClocksAndNotMore() throws Exception {
    String token = token(claims -> claims.notBeforeTime(at(Duration.ofSeconds(60))));
    invalid(token);
    clock.advance(Duration.ofSeconds(51));
    assertThat(verifier.verify(token).subject()).isEqualTo("ann");
    clock.set(ManualClock.START.plusSeconds(309));
    assertThat(verifier.verify(token).subject()).isEqualTo("ann");
    clock.set(ManualClock.START.plusSeconds(310));
    assertThat(refused(verifier, token).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void refusesWhatIsNotSignedWithTheSecret() throws Exception {
    String good = token(_ -> {});
    String other = "another-secret-of-more-than-32-bytes";
    invalid(token(JWSAlgorithm.HS256, other, _ -> {}));
    invalid(token(JWSAlgorithm.HS512, SECRET.repeat(2), _ -> {}));
    invalid(good.substring(0, good.length() - 4) + "AAAA");
    invalid(good.substring(0, good.lastIndexOf('.') + 1));
    String[] parts = good.split("\\.", -1);
    String[] others = token(claims -> claims.subject("bob")).split("\\.", -1);
    invalid(parts[0] + "." + others[1] + "." + parts[2]);
    JWTClaimsSet claims = SignedJWT.parse(good).getJWTClaimsSet();
    invalid(new PlainJWT(claims).serialize());
  }

  @Test
  void refusesAlgorithmsThatNobodyConfigured() throws Exception {
    Map<String, Object> header = Map.of("alg", "RS256", "typ", "JWT");
    String[] parts = token(_ -> {}).split("\\.", -1);
    String head =
        com.nimbusds.jose.util.Base64URL.encode(JWSHeader.parse(header).toString()).toString();
    invalid(head + "." + parts[1] + "." + parts[2]);
    SignedJWT critical =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(JOSEObjectType.JWT)
                .criticalParams(Set.of("exp"))
                .customParam("exp", 1)
                .build(),
            SignedJWT.parse(token(_ -> {})).getJWTClaimsSet());
    critical.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
    invalid(critical.serialize());
  }

  @Test
  void refusesWhatSaysTooLittleOrSomethingElse() throws Exception {
    invalid(token(claims -> claims.expirationTime(null)));
    invalid(token(claims -> claims.subject(null)));
    invalid(token(claims -> claims.subject(" ")));
    invalid(token(claims -> claims.subject("x".repeat(201))));
    invalid(token(claims -> claims.claim("tenant_id", "A B")));
    invalid(token(claims -> claims.claim("tenant_id", 7)));
    invalid(token(claims -> claims.claim("permissions", "read")));
    invalid(token(claims -> claims.claim("permissions", List.of(1))));
    invalid(token(claims -> claims.claim("name", List.of())));
    for (String text : List.of("", ".", "..", "a.b.c", "{}.{}.{}", "x".repeat(9_000))) {
      invalid(text);
    }
  }

  @Test
  void takesTokensOfItsIssuerAndForItsAudienceOnly() throws Exception {
    TokenVerifier strict =
        new TokenVerifier(new TokenConfig(SECRET, null, "https://issuer", "myelin"), clock);
    assertThat(
            strict
                .verify(
                    token(claims ->
                        claims.issuer("https://issuer").audience(List.of("other", "myelin"))))
                .subject())
        .isEqualTo("ann");
    refused(strict, token(_ -> {}));
    refused(strict, token(claims -> claims.issuer("https://issuer")));
    refused(strict, token(claims -> claims.issuer("https://issuer").audience("other")));
    refused(strict, token(claims -> claims.issuer("https://evil").audience("myelin")));
  }

  @Test
  void takesWhatItSigns() throws Exception {
    TokenConfig config = new TokenConfig(SECRET, null, "https://issuer", "myelin");
    String token =
        new TokenSigner(config)
            .sign(
                new TokenSigner.Wanted(
                    "ann",
                    "t1",
                    "Ann",
                    List.of("editor"),
                    List.of(Permission.parse("*")),
                    Duration.ofHours(1)),
                clock.instant());
    assertThat(TokenVerifier.isToken(token)).isTrue();
    assertThat(TokenVerifier.isToken("myl_key")).isFalse();
    Principal ann = new TokenVerifier(config, clock).verify(token);
    assertThat(ann.roles()).containsExactly("editor");
    assertThat(ann.tokenId()).isNotEmpty();
    assertThat(ann.expiresAt()).isEqualTo(clock.instant().plusSeconds(3_600));
  }
}

package dev.myelin.live.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import dev.myelin.live.token.TokenException.Reason;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that are signed with published keys, and keys that change.
final class JwksTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;

  private final ManualClock clock = new ManualClock();

  private TokenVerifier of(String document) throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), document);
    return new TokenVerifier(new TokenConfig(SECRET, file.toString(), null, null), clock);
  }

  private static boolean isTaken(TokenVerifier verifier, String token) {
    try {
      return verifier.verify(token).subject().equals("ann");
    } catch (TokenException _) {
      return false;
    }
  }

  private static void awaitTaken(TokenVerifier verifier, String token) {
    Eventually.until("the token is taken", () -> isTaken(verifier, token));
  }

  /// Waits until the keys were read, and then for the verdict.
  private static Reason verdict(TokenVerifier verifier, String token) {
    AtomicReference<Reason> last = new AtomicReference<>();
    Eventually.until(
        "there is a verdict",
        () -> {
          TokenException failure =
              catchThrowableOfType(TokenException.class, () -> verifier.verify(token));
          last.set(failure.reason());
          return failure.reason() != Reason.UNAVAILABLE;
        });
    return last.get();
  }

  @Test
  void takesEachKindOfKeyByItsOneAlgorithm() throws Exception {
    RSAKey rsa = Issuer.rsa("r");
    var ec = Issuer.p256("e");
    KeyPair ed = Issuer.ed25519();
    TokenVerifier verifier = of(Issuer.jwks(rsa, ec, Issuer.published(ed, "o")));
    awaitTaken(verifier, Issuer.token(rsa));
    assertThat(isTaken(verifier, Issuer.token(ec))).isTrue();
    assertThat(isTaken(verifier, Issuer.token(ed, "o"))).isTrue();

    assertThat(verdict(verifier, Issuer.token(Issuer.rsa("r")))).isEqualTo(Reason.INVALID);
    assertThat(verdict(verifier, Issuer.token(Issuer.p256("e")))).isEqualTo(Reason.INVALID);
    assertThat(verdict(verifier, Issuer.token(Issuer.ed25519(), "o"))).isEqualTo(Reason.INVALID);
    assertThat(verdict(verifier, Issuer.token(ed, "r"))).isEqualTo(Reason.INVALID);
    String good = Issuer.token(ed, "o");
    assertThat(verdict(verifier, good.substring(0, good.length() - 8))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aPublicKeyIsNeverASecret() throws Exception {
    RSAKey rsa = Issuer.rsa("r");
    TokenVerifier verifier = of(Issuer.jwks(rsa));
    awaitTaken(verifier, Issuer.token(rsa));
    assertThat(verdict(verifier, Issuer.confused(rsa))).isEqualTo(Reason.INVALID);
    Path file = folder.resolve("keys.json");
    TokenVerifier without =
        new TokenVerifier(new TokenConfig(null, file.toString(), null, null), clock);
    awaitTaken(without, Issuer.token(rsa));
    assertThat(verdict(without, Issuer.confused(rsa))).isEqualTo(Reason.INVALID);
  }

  @Test
  void leavesOutKeysThatAreNotForThis() throws Exception {
    RSAKey encrypting = new RSAKey.Builder(Issuer.rsa("x")).keyUse(KeyUse.ENCRYPTION).build();
    RSAKey other = new RSAKey.Builder(Issuer.rsa("p")).algorithm(JWSAlgorithm.PS256).build();
    RSAKey good = Issuer.rsa("r");
    String secret = "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZg\"}";
    String weak =
        "{\"kty\":\"RSA\",\"kid\":\"w\",\"e\":\"AQAB\",\"n\":\"" + "q".repeat(171) + "\"}";
    String bad = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"b\",\"x\":\"AAAA\"}";
    String all = Issuer.jwks(encrypting, other, good);
    TokenVerifier verifier =
        of(all.substring(0, all.lastIndexOf(']')) + "," + secret + "," + weak + "," + bad + "]}");
    awaitTaken(verifier, Issuer.token(good));
    assertThat(verdict(verifier, Issuer.token(encrypting))).isEqualTo(Reason.INVALID);
    assertThat(verdict(verifier, Issuer.token(other))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aFileIsReadAgainWhenItHasChanged() throws Exception {
    RSAKey old = Issuer.rsa("old");
    TokenVerifier verifier = of(Issuer.jwks(old));
    awaitTaken(verifier, Issuer.token(old));

    RSAKey fresh = Issuer.rsa("fresh");
    Files.writeString(folder.resolve("keys.json"), Issuer.jwks(fresh));
    assertThat(isTaken(verifier, Issuer.token(old))).as("until it is looked at again").isTrue();
    clock.advance(Duration.ofSeconds(1));
    verifier.tick();
    awaitTaken(verifier, Issuer.token(fresh));
    assertThat(verdict(verifier, Issuer.token(old))).isEqualTo(Reason.INVALID);

    Files.writeString(folder.resolve("keys.json"), "no keys at all");
    clock.advance(Duration.ofSeconds(1));
    verifier.tick();
    assertThat(verdict(verifier, Issuer.token(old))).isEqualTo(Reason.INVALID);
    assertThat(isTaken(verifier, Issuer.token(fresh))).as("the last keys stay").isTrue();
  }

  @Test
  void anUnknownKeyIsLookedForAtOnceButNotTooOften() throws Exception {
    RSAKey old = Issuer.rsa("old");
    RSAKey fresh = Issuer.rsa("fresh");
    AtomicReference<String> document = new AtomicReference<>(Issuer.jwks(old));
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = document.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
      TokenVerifier verifier = new TokenVerifier(new TokenConfig(null, url, null, null), clock);
      awaitTaken(verifier, Issuer.token(old));
      assertThat(asked).hasValue(1);

      document.set(Issuer.jwks(fresh));
      assertThat(verdict(verifier, Issuer.token(fresh))).as("too soon").isEqualTo(Reason.INVALID);
      assertThat(asked).hasValue(1);
      clock.advance(Duration.ofSeconds(10));
      awaitTaken(verifier, Issuer.token(fresh));
      assertThat(asked).hasValue(2);
      assertThat(isTaken(verifier, Issuer.token(old))).isFalse();

      document.set("");
      clock.advance(Duration.ofMinutes(5));
      verifier.tick();
      Eventually.until("it is asked again", () -> asked.get() == 3);
      assertThat(isTaken(verifier, Issuer.token(fresh))).as("the last keys stay").isTrue();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void withoutAnyKeysYetATokenCannotBeJudged() throws Exception {
    String nowhere = folder.resolve("nowhere.json").toString();
    TokenVerifier verifier = new TokenVerifier(new TokenConfig(null, nowhere, null, null), clock);
    String token = Issuer.token(Issuer.rsa("r"));
    TokenException failure =
        catchThrowableOfType(TokenException.class, () -> verifier.verify(token));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.ECKey;
import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.Transport;
import dev.myelin.client.model.Observation;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.live.token.TokenConfig;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens on every surface: which are taken, which are not, and how they end.
class TokenIT {
  private static final String ROOT = "correct-horse-battery-staple";

  @TempDir private Path folder;

  private TokenMint mint;
  private TestServer server;
  private Admin root;

  @BeforeEach
  void start() throws Exception {
    Path keys = folder.resolve("keys.json");
    mint = new TokenMint(keys);
    TokenConfig tokens =
        new TokenConfig(TokenMint.SECRET, keys.toString(), TokenMint.ISSUER, TokenMint.AUDIENCE);
    server =
        TestServer.open(
            folder.resolve("data"),
            config ->
                config.withEdge(
                    config.edge().withAccess(new Access(ROOT, List.of()).withTokens(tokens))));
    root = new Admin(server.port(), ROOT);
    // The issuer's keys are read in the background.
    Eventually.until("the keys were read", () -> rest(rs256()) == 200);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String rs256() {
    try {
      return TokenMint.rs256(mint.rsa());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  // ---- the surfaces

  private int rest(String token) {
    try {
      return server.get("/v1/libraries", "authorization", "Bearer " + token).statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String handshake(String path, String... headers) throws IOException {
    try (RawSocket socket = new RawSocket(server.port())) {
      StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
      request.append("Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
      request.append("Sec-WebSocket-Version: 13\r\n");
      request.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      socket.send(request + "\r\n");
      return socket.head();
    }
  }

  private int status(String path, String... headers) throws IOException {
    return Integer.parseInt(handshake(path, headers).split(" ", 3)[1]);
  }

  private String grpc(String token) throws IOException {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          "POST /engram.v1.EngramService/Remember HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/grpc-web\r\nContent-Length: 0\r\n"
              + "Authorization: Bearer "
              + token
              + "\r\n\r\n");
      return socket.head();
    }
  }

  private void assertRefusedEverywhere(String what, String token) throws IOException {
    assertThat(rest(token)).as("%s over HTTP", what).isEqualTo(401);
    assertThat(grpc(token)).as("%s over gRPC", what).containsIgnoringCase("grpc-status: 16");
    String bearer = "Authorization: Bearer " + token;
    assertThat(status("/v1/stream", bearer)).as("%s on /v1/stream", what).isEqualTo(401);
    assertThat(status("/v1/libraries/notes/ws", "X-API-Key: " + token))
        .as("%s on a library's socket", what)
        .isEqualTo(401);
    assertThat(handshake("/ws?token=" + token))
        .as("%s on /ws", what)
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("content-type: text/plain");
  }

  private MyelinClient client(String token, Transport transport) {
    return MyelinClient.connect(
        URI.create("http://127.0.0.1:" + server.port()),
        ClientOptions.DEFAULT.withTransport(transport).withApiKey(token));
  }

  private static String observe(MyelinClient client, String text) {
    try (ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      return stream.observe(Observation.of(text)).join().memoryId();
    }
  }

  private JsonNode revoke(Admin by, String what, String value) throws Exception {
    return by.json("POST", "/v1/tokens/revoke", "{\"" + what + "\":\"" + value + "\"}");
  }

  // ---- what is taken

  @Test
  void whatIsWrongWithATokenIsWrongOnEverySurface() throws Exception {
    for (Map.Entry<String, String> bad : mint.bad().entrySet()) {
      assertRefusedEverywhere(bad.getKey(), bad.getValue());
    }
  }

  @Test
  void oneTokenOpensEverySurfaceAndTenantsNeverMeet() throws Exception {
    String ann = TokenMint.token("ann", "t1");
    String bob = TokenMint.token("bob", "t2");
    try (MyelinClient stream = client(ann, Transport.JSON);
        MyelinClient grpc = client(ann, Transport.GRPC);
        MyelinClient other = client(bob, Transport.GRPC)) {
      assertThat(observe(stream, "over the stream")).isNotEmpty();
      assertThat(observe(grpc, "over gRPC")).isNotEmpty();
      assertThat(grpc.spaces().join()).extracting(space -> space.name()).containsExactly("notes");
      assertThat(other.spaces().join()).isEmpty();
    }
    assertThat(server.get("/v1/spaces", "x-api-key", ann).body()).contains("notes");
    assertThat(server.get("/v1/spaces", "x-api-key", bob).body()).doesNotContain("notes");
    assertThat(server.get("/v1/spaces", "x-api-key", ROOT).body()).doesNotContain("notes");
    assertThat(status("/v1/libraries/notes/ws", "X-API-Key: " + ann)).isEqualTo(101);
    assertThat(status("/v1/libraries/notes/ws", "X-API-Key: " + bob)).isEqualTo(404);
    assertThat(new Admin(server.port(), ann).status("GET", "/v1/admin/tenants")).isEqualTo(403);
    assertThat(server.get("/metrics", "x-api-key", ann).statusCode()).isEqualTo(403);
  }

  @Test
  void permissionsOfATokenAreScopesOfLibraries() throws Exception {
    try (MyelinClient writer = client(TokenMint.permitting("library:*:write"), Transport.JSON)) {
      observe(writer, "something");
    }
    String reads = TokenMint.permitting("library:notes:read");
    String elsewhere = TokenMint.permitting("library:other:admin", "team:notes:admin");
    Admin reader = new Admin(server.port(), reads);
    assertThat(reader.status("GET", "/v1/libraries/notes")).isEqualTo(200);
    assertThat(reader.status("DELETE", "/v1/libraries/notes")).isEqualTo(403);
    assertThat(reader.send("POST", "/v1/tokens/revoke", "{\"subject\":\"eve\"}").statusCode())
        .isEqualTo(403);
    assertThat(new Admin(server.port(), elsewhere).status("GET", "/v1/libraries/notes"))
        .isEqualTo(403);
    try (MyelinClient grpc = client(reads, Transport.GRPC)) {
      assertThat(grpc.spaces().join()).hasSize(1);
      assertThatThrownBy(() -> observe(grpc, "no")).isInstanceOf(RuntimeException.class);
    }
  }

  // ---- how they end

  @Test
  void aRevokedTokenEndsEverywhereAtOnceAndWithWhatItOpened() throws Exception {
    String ann = TokenMint.sign(TokenMint.claims("ann", "t1").jwtID("j-1"));
    String again = TokenMint.token("ann", "t1");
    Admin t1 = new Admin(server.port(), TokenMint.token("admin", "t1"));
    Admin t2 = new Admin(server.port(), TokenMint.token("admin", "t2"));
    try (MyelinClient client = client(again, Transport.JSON)) {
      observe(client, "something");
    }
    try (StreamClient stream = StreamClient.open(server.port(), "X-API-Key: " + ann);
        LibrarySocketClient library = new LibrarySocketClient(server.port(), "notes", ann)) {
      stream.init("notes");
      revoke(t2, "token_id", "j-1");
      assertThat(rest(ann)).as("another tenant's word means nothing here").isEqualTo(200);

      JsonNode made = revoke(t1, "token_id", "j-1");
      assertThat(made.get("token_id").asText()).isEqualTo("j-1");
      assertRefusedEverywhere("revoked", ann);
      assertThat(stream.next("error").get("code").asText()).isEqualTo("unauthenticated");
      library.next(message -> message.path("type").asText().equals("closed"));
      assertThat(rest(again)).as("the user's other token").isEqualTo(200);

      server.restart();
      root = new Admin(server.port(), ROOT);
      Eventually.until("the keys were read", () -> rest(rs256()) == 200);
      assertRefusedEverywhere("revoked before the restart", ann);
      Admin after = new Admin(server.port(), TokenMint.token("admin", "t1"));
      JsonNode listed = after.json("GET", "/v1/tokens/revoked", "");
      assertThat(listed).hasSize(1);
      String path = "/v1/tokens/revoked/" + made.get("revocation_id").asText();
      assertThat(root.status("DELETE", path)).as("of another tenant").isEqualTo(404);
      assertThat(root.status("DELETE", path + "?tenant_id=t1")).isEqualTo(204);
      assertThat(rest(ann)).isEqualTo(200);
    }
  }

  @Test
  void aUserWhoIsRevokedLosesAllTokensOfToday() throws Exception {
    String one = TokenMint.token("ann", "t1");
    String two = TokenMint.token("ann", "t1");
    revoke(new Admin(server.port(), TokenMint.token("admin", "t1")), "subject", "ann");
    assertRefusedEverywhere("the first", one);
    assertRefusedEverywhere("the second", two);
    assertThat(rest(TokenMint.token("ann", "t2"))).as("another tenant's ann").isEqualTo(200);
    Instant soon = Instant.now().plusSeconds(5);
    String later = TokenMint.sign(TokenMint.claims("ann", "t1").issueTime(Date.from(soon)));
    assertThat(rest(later)).as("made after that").isEqualTo(200);
  }

  @Test
  void theIssuerChangesKeys() throws Exception {
    ECKey fresh = TokenMint.ec("e1");
    assertThat(rest(TokenMint.es256(fresh))).isIn(401, 503);
    mint.publish(fresh);
    String token = TokenMint.es256(fresh);
    Eventually.until("the new key is known", () -> rest(token) == 200);
    assertThat(rest(rs256())).isIn(401, 503);
    assertThat(grpc(token)).doesNotContain("grpc-status: 16");
    assertThat(status("/v1/stream", "X-API-Key: " + token)).isEqualTo(101);
  }

  // ---- tickets and queries

  @Test
  void aTicketOpensOneSocketOnce() throws Exception {
    Admin ann = new Admin(server.port(), TokenMint.permitting("library:notes:write"));
    String ticket = ann.json("POST", "/v1/tickets", "").get("ticket").asText();
    assertThat(server.get("/v1/spaces?ticket=" + ticket).statusCode())
        .as("no handshake")
        .isEqualTo(401);
    assertThat(status("/v1/stream?ticket=" + ticket)).isEqualTo(101);
    assertThat(handshake("/v1/stream?ticket=" + ticket))
        .startsWith("HTTP/1.1 401 ")
        .doesNotContain(ticket);
    assertThat(handshake("/ws?ticket=" + ticket)).startsWith("HTTP/1.1 401 ");

    String second = ann.json("POST", "/v1/tickets", "").get("ticket").asText();
    revoke(new Admin(server.port(), TokenMint.token("admin", "t1")), "subject", "ann");
    assertThat(status("/v1/stream?ticket=" + second)).isEqualTo(401);
    assertThat(new Admin(server.port(), "").status("POST", "/v1/tickets")).isEqualTo(401);
  }

  @Test
  void aTokenInTheQueryIsNoCredentialElsewhere() throws Exception {
    String ann = TokenMint.token("ann", "t1");
    assertThat(server.get("/v1/spaces?token=" + ann).statusCode()).isEqualTo(401);
    assertThat(status("/v1/stream?token=" + ann)).isEqualTo(401);
    assertThat(status("/ws?token=" + ann)).isNotEqualTo(401);
  }

  /// Of the network's own logs too.
  private Path everything() throws IOException {
    return Files.writeString(
        folder.resolve("logback.xml"),
        """
        <configuration>
          <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%logger{0} - %msg %kvp%n%ex{full}</pattern></encoder>
          </appender>
          <logger name="io.netty.handler" level="debug"/>
          <logger name="io.vertx" level="trace"/>
          <logger name="dev.myelin" level="trace"/>
          <root level="debug"><appender-ref ref="console"/></root>
        </configuration>
        """);
  }

  @Test
  void neitherTokensNorTicketsAreEverLogged() throws Exception {
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    Path data = folder.resolve("another");
    Map<String, String> settings =
        Map.of(
            "MYELIN_AUTH_JWT_SECRET",
            TokenMint.SECRET,
            "MYELIN_LOG_LEVEL",
            "trace",
            "JAVA_TOOL_OPTIONS",
            "-Dlogback.configurationFile=" + everything());
    List<String> secrets = new ArrayList<>(mint.bad().values());
    String good = TokenMint.token("ann", "t1");
    secrets.add(good);
    try (ServerProcess process = ServerProcess.start(data, settings, said::add)) {
      Admin ann = new Admin(process.port(), good);
      String ticket = ann.json("POST", "/v1/tickets", "").get("ticket").asText();
      for (String token : List.copyOf(secrets)) {
        for (String request :
            List.of(
                "GET /ws?token=" + token,
                "GET /ws/stream?channels=system&token=" + token,
                "GET /v1/stream?token=" + token,
                "GET /v1/spaces?token=" + token + "&ticket=" + ticket,
                "GET /ws?ticket=" + ticket + "&token=" + token,
                "GET /ws?token=" + token + "%zz",
                "GET /v1/libraries?limit=1&token=" + token + "%",
                "GET /v1/admin/keys?token=" + token + "%a",
                "POST /nowhere?token=" + token)) {
          try (RawSocket socket = new RawSocket(process.port())) {
            socket.send(
                request
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                    + "Authorization: Bearer "
                    + token
                    + "\r\n\r\n");
            assertThat(socket.head()).startsWith("HTTP/1.1 ").doesNotContain(token);
          }
        }
      }
      secrets.add(ticket);
      revoke(ann, "subject", "somebody");
      Eventually.until(
          "the server says something of it",
          () -> said.stream().anyMatch(line -> line.contains("tokens were revoked")));
    }
    String all = String.join("\n", List.copyOf(said));
    for (String secret : secrets) {
      assertThat(all).doesNotContain(secret);
      String signature = secret.substring(secret.lastIndexOf('.') + 1);
      if (signature.length() > 16) {
        assertThat(all).doesNotContain(signature);
      }
    }
    assertThat(all).doesNotContain(TokenMint.SECRET);
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.edge.EdgeOptions.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks that call targets over TLS: those that it trusts, by their names, and no others.
@Timeout(240)
class WebhookTlsIT {
  @TempDir private Path folder;
  private TestServer target;

  @BeforeEach
  void open() throws Exception {
    SelfSigned certificate = SelfSigned.in(folder);
    Tls tls = new Tls(certificate.certificate(), certificate.key());
    target =
        TestServer.open(
            Files.createDirectory(folder.resolve("target")),
            config -> config.withEdge(listening(tls)));
  }

  private static EdgeOptions listening(Tls tls) {
    EdgeOptions usual = EdgeOptions.DEFAULT;
    return new EdgeOptions(
        "127.0.0.1",
        0,
        false,
        usual.eventLoops(),
        usual.maxConnections(),
        usual.requestTimeout(),
        usual.keepAlive(),
        Access.OPEN,
        tls,
        usual.sockets(),
        usual.rest());
  }

  @AfterEach
  void close() {
    target.close();
  }

  /// What came of a test of a webhook with that target.
  private JsonNode attempt(Admin admin, String host) throws Exception {
    String url = "https://" + host + ":" + target.port() + "/v1/spaces";
    String body = "{\"url\":\"" + url + "\",\"events\":[\"*\"]}";
    String id = admin.json("POST", "/v1/webhooks", body).get("id").asText();
    return admin.json("POST", "/v1/webhooks/" + id + "/test", "").get("delivery");
  }

  @Test
  void callsWhomItTrusts() throws Exception {
    String trust =
        "-Djavax.net.ssl.trustStore="
            + folder.resolve("server.p12")
            + " -Djavax.net.ssl.trustStorePassword="
            + SelfSigned.PASSWORD;
    Map<String, String> settings =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            trust,
            "MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS",
            "true",
            "MYELIN_EMBEDDING_PROVIDER",
            "none");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), settings)) {
      Admin admin = new Admin(server.port(), "");
      for (String host : new String[] {"localhost", "127.0.0.1"}) {
        // There is nothing to post to, so an answer of any kind says that they talked.
        JsonNode attempt = attempt(admin, host);
        assertThat(attempt.get("status_code").isNull()).as("%s", attempt).isFalse();
      }
    }
  }

  @Test
  void tellsNothingToWhomItDoesNotTrust() throws Exception {
    try (TestServer server =
        TestServer.open(
            Files.createDirectory(folder.resolve("data")),
            config -> WebhookIT.allowing(config, true))) {
      JsonNode attempt = attempt(new Admin(server.port(), ""), "localhost");
      assertThat(attempt.get("status_code").isNull()).isTrue();
      assertThat(attempt.get("error_message").asText()).startsWith("The TLS handshake failed");
    }
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who is connected: told to administrators, each of their own tenant.
@Timeout(180)
class ConnectionApiIT {
  private static final String ROOT = "correct-horse-battery-staple";
  private static final String LIST = "/v1/connections";
  private static final String STATS = "/v1/websockets/stats";

  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;

  @BeforeEach
  void start() throws Exception {
    Access access = new Access(ROOT, List.of()).withTokens(GatewayClient.TOKENS);
    server = TestServer.open(folder, config -> config.withEdge(config.edge().withAccess(access)));
    api = new LibraryApi(server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// The header of a token that may do something in a tenant.
  private static String[] as(String tenant, String permission) {
    Instant expires = Instant.now().plusSeconds(300);
    return bearer(GatewayClient.token("boss", tenant, expires, permission));
  }

  private static String[] bearer(String credential) {
    return new String[] {"authorization", "Bearer " + credential};
  }

  private GatewayClient connect(String subject) throws InterruptedException {
    GatewayClient client = GatewayClient.init(server.port(), subject, "tab");
    client.next("connection.ack");
    return client;
  }

  private JsonNode gateway(String... credential) {
    try {
      return api.get(STATS, credential).json().get("gateway");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAdministratorSeesWhoIsConnectedAndClosesAConnection() throws Exception {
    String[] boss = as("t1", "*");
    try (GatewayClient ann = connect("ann");
        GatewayClient bob = connect("bob")) {
      ann.subscribe(GatewayClient.team("core"));
      JsonNode open = api.get(LIST, boss).json();
      assertThat(open.findValuesAsText("subject")).containsExactlyInAnyOrder("ann", "bob");
      JsonNode one = open.at("/0/subject").asText().equals("ann") ? open.get(0) : open.get(1);
      assertThat(one.get("client_id").asText()).isEqualTo("tab");
      assertThat(one.get("channels").asInt()).isPositive();
      assertThat(one.get("received").asInt()).isEqualTo(2);
      assertThat(one.get("sent").asInt()).isPositive();

      String path = LIST + "/" + one.get("id").asText();
      assertThat(api.delete(path, boss).status()).isEqualTo(204);
      assertThat(ann.next("connection.error").at("/payload/message").asText())
          .contains("administrator");
      JsonNode closed = ann.closed();
      assertThat(closed.get("code").asInt()).isEqualTo(4003);
      assertThat(closed.get("reason").asText()).endsWith("resume=0");
      Eventually.until("it is gone", () -> gateway(boss).get("connections").asInt() == 1);
      assertThat(api.get(LIST, boss).json().findValuesAsText("subject")).containsExactly("bob");
      assertThat(api.delete(path, boss).status()).isEqualTo(404);
      bob.subscribe(GatewayClient.team("core"));
    }
  }

  @Test
  void nobodyElseSeesOrClosesIt() throws Exception {
    try (GatewayClient ann = connect("ann")) {
      String one = api.get(LIST, as("t1", "*")).json().at("/0/id").asText();
      String path = LIST + "/" + one;
      String[] other = as("t2", "*");
      assertThat(api.get(LIST, other).json()).isEmpty();
      assertThat(api.delete(path, other).status()).isEqualTo(404);
      assertThat(gateway(other).get("opened").asInt()).isZero();
      for (String permission : List.of("team:*:admin", "library:*:write", "system:*:read")) {
        assertThat(api.get(LIST, as("t1", permission)).status()).as(permission).isEqualTo(403);
        assertThat(api.delete(path, as("t1", permission)).status()).as(permission).isEqualTo(403);
      }
      assertThat(api.get(LIST).status()).isEqualTo(401);
      assertThat(ann.subscribe(GatewayClient.team("core")).has("epoch")).isTrue();
    }
  }

  @Test
  void countsConnectionsAndMessages() throws Exception {
    String[] boss = as("t1", "*");
    try (GatewayClient ann = connect("ann")) {
      String note = ann.note("team:core", 1);
      ann.reply(note);
      JsonNode now = gateway(boss);
      assertThat(now.get("connections").asInt()).isEqualTo(1);
      assertThat(now.get("received").asInt()).isEqualTo(2);
      assertThat(now.get("sent").asInt()).isGreaterThanOrEqualTo(2);
    }
    Eventually.until("it is gone", () -> gateway(boss).get("connections").asInt() == 0);
    JsonNode after = gateway(boss);
    assertThat(after.get("opened").asInt()).isEqualTo(1);
    assertThat(after.get("received").asInt()).isEqualTo(2);

    assertThat(api.get(STATS, boss).json().has("gateway_by_tenant")).isFalse();
    JsonNode all = api.get(STATS, bearer(ROOT)).json().get("gateway_by_tenant");
    assertThat(all).isEqualTo(GatewayClient.object().set("t1", after));
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that end while a client of the gateway is connected, and who is seen to leave when it
/// goes, in a server of its own process with short windows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GatewayTokensIT {
  @TempDir private static Path folder;

  private ServerProcess server;

  @BeforeAll
  void start() throws Exception {
    server =
        ServerProcess.start(
            folder,
            Map.of(
                "MYELIN_EMBEDDING_PROVIDER",
                "none",
                "MYELIN_AUTH_JWT_SECRET",
                String.valueOf(GatewayClient.TOKENS.secret()),
                "MYELIN_GATEWAY_TOKEN_GRACE",
                "1s",
                "MYELIN_GATEWAY_RATE_CONNECT",
                "off",
                "MYELIN_GATEWAY_RATE_CONNECT_ADDRESS",
                "off"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private GatewayClient soonOver(String name, int seconds) throws Exception {
    GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=" + name);
    String brief = token(name, "t1", Instant.now().plusSeconds(seconds), "*");
    client.command("connection.init", object().put("token", brief).put("client_id", name));
    return client;
  }

  @Test
  void warnsOfATokenThatEndsThenClosesAndResumesWithAnother() throws Exception {
    GatewayClient client = soonOver("over", 2);
    String session = client.next("connection.ack").at("/payload/session_id").asText();
    client.subscribe(team("over"));

    assertThat(client.next("connection.token_expiring").at("/payload/expires_in_ms").asLong())
        .isLessThanOrEqualTo(60_000);
    JsonNode closed = client.closed();
    assertThat(closed.get("code").asInt()).isEqualTo(4002);
    assertThat(closed.get("reason").asText()).startsWith("TOKEN_EXPIRED").contains("resume=1");

    GatewayClient again = new GatewayClient(server.port(), "/ws?client_id=over");
    again.command(
        "connection.reconnect",
        object()
            .put("token", token("over"))
            .put("client_id", "over")
            .put("session_id", session)
            .set("positions", ApiContract.JSON.createArrayNode()));
    assertThat(again.next("connection.ack").at("/payload/status").asText()).isEqualTo("resumed");
    again.close();
  }

  @Test
  void keepsAConnectionWhoseTokenIsRenewed() throws Exception {
    GatewayClient renewed = soonOver("renewed", 4);
    renewed.next("connection.ack");
    renewed.subscribe(team("renewed"));
    GatewayClient other = soonOver("not-renewed", 4);
    other.next("connection.ack");
    String id = renewed.command("connection.refresh", object().put("token", token("renewed")));
    assertThat(renewed.reply(id).get("type").asText()).isEqualTo("connection.refreshed");

    assertThat(other.closed().get("code").asInt()).isEqualTo(4002);

    GatewayGuest.publish(server.port(), "renewed", 1);
    renewed.next("app.note");
    renewed.close();
  }

  @Test
  void closesOnTheTokenOfAnotherUser() throws Exception {
    GatewayClient client = soonOver("ann", 300);
    client.next("connection.ack");

    client.command("connection.refresh", object().put("token", token("bob")));

    assertThat(client.closed().get("code").asInt()).isEqualTo(4001);
  }

  @Test
  void dropsOnlyTheChannelThatMayNoLongerBeHeard() throws Exception {
    GatewayClient client = soonOver("less", 300);
    client.next("connection.ack");
    client.subscribe(team("kept"));
    client.subscribe(team("lost"));

    String less = token("less", "t1", Instant.now().plusSeconds(300), "team:kept:*");
    String id = client.command("connection.refresh", object().put("token", less));

    JsonNode refreshed = client.reply(id).get("payload");
    assertThat(refreshed.get("permissions_changed").asBoolean()).isTrue();
    assertThat(refreshed.get("dropped_channels")).hasSize(1);
    assertThat(refreshed.at("/dropped_channels/0").asText()).isEqualTo("team:lost");
    GatewayGuest.publish(server.port(), "lost", 1);
    GatewayGuest.publish(server.port(), "kept", 1);
    assertThat(client.next("app.note").get("channel").asText()).isEqualTo("team:kept");
    client.close();
  }

  // ---- who is there

  @Test
  void showsNoLeaveForABreakAndOneForAGoodbye() throws Exception {
    GatewayClient observer = soonOver("observer", 300);
    observer.next("connection.ack");
    observer.subscribe(team("flap").put("presence", "full"));
    GatewayGuest guest = new GatewayGuest(server.port(), "flapping", "flap");
    guest.client.subscribe(team("flap").put("presence", "full"));
    awaitDiff(observer, "joined");
    for (int i = 0; i < 3; i++) {
      guest.client.drop();
      assertThat(guest.comeBack().get("status").asText()).isEqualTo("resumed");
    }

    guest.client.close(1000);

    // What was told between would come first.
    JsonNode diff = awaitDiff(observer, "left");
    assertThat(diff.get("left")).hasSize(1);
    observer.close();
  }

  /// The next change of who is there; it must be of that kind.
  private static JsonNode awaitDiff(GatewayClient observer, String kind) throws Exception {
    JsonNode payload =
        observer
            .next(message ->
                message.path("type").asText().equals("channel.presence")
                    && message.at("/payload/kind").asText().equals("diff")
                    && mentionsTheGuest(message.get("payload")))
            .get("payload");
    assertThat(payload.path(kind)).as("%s", payload).isNotEmpty();
    return payload;
  }

  private static boolean mentionsTheGuest(JsonNode payload) {
    return payload.toString().contains("flapping");
  }
}

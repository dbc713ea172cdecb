package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions;
import dev.myelin.edge.gateway.Switches;
import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.server.config.GatewayConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The gateway, switched off for a tenant, or some of its capabilities.
@Timeout(180)
class GatewaySwitchesIT {
  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    GatewayConfig usual = GatewayConfig.DEFAULT;
    GatewayOptions sockets =
        usual
            .sockets()
            .withSwitches(
                new Switches(
                    Set.of("closed", "narrow:presence", "narrow:history", "narrow:resume")));
    server =
        TestServer.open(
            folder,
            config ->
                config
                    .withEdge(
                        config
                            .edge()
                            .withAccess(EdgeOptions.Access.OPEN.withTokens(GatewayClient.TOKENS)))
                    .withGateway(usual.withSockets(sockets)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String token(String tenant) {
    return GatewayClient.token("ann", tenant, Instant.now().plusSeconds(300), "*");
  }

  private GatewayClient init(String tenant) {
    GatewayClient client = new GatewayClient(server.port(), "/ws");
    client.command("connection.init", object().put("token", token(tenant)).put("client_id", "tab"));
    return client;
  }

  @Test
  void turnsATenantAwayAndNamesTheOtherWay() throws Exception {
    String bearer = "Bearer " + token("closed");
    try (RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgradeAt("/ws", "Authorization: " + bearer)).startsWith("HTTP/1.1 403 ");
    }
    try (GatewayClient client = init("closed")) {
      JsonNode error = client.next("connection.error").get("payload");
      assertThat(error.get("code").asInt()).isEqualTo(4003);
      assertThat(error.get("message").asText()).contains("/v1/channels/");
      assertThat(client.closed().get("code").asInt()).isEqualTo(4003);
    }
    assertThat(
            server
                .get("/v1/channels/team/core/events?wait=100ms", "authorization", bearer)
                .statusCode())
        .isEqualTo(200);
    try (GatewayClient other = init("open")) {
      assertThat(other.next("connection.ack").at("/payload/capabilities"))
          .extracting(JsonNode::asText)
          .contains("presence", "history", "resume");
    }
  }

  @Test
  void leavesOutWhatIsOff() throws Exception {
    try (GatewayClient client = init("narrow")) {
      JsonNode ack = client.next("connection.ack").get("payload");
      assertThat(ack.get("capabilities"))
          .extracting(JsonNode::asText)
          .contains("flow")
          .doesNotContain("presence", "history", "resume");
      var _ = client.subscribe(team("core"));
      client.command("channel.history", object().put("channel", "team:core"));
      assertThat(client.next("error").at("/payload/code").asInt()).isEqualTo(4003);

      try (GatewayClient again = new GatewayClient(server.port(), "/ws")) {
        again.command(
            "connection.reconnect",
            object()
                .put("token", token("narrow"))
                .put("client_id", "tab")
                .put("session_id", ack.get("session_id").asText()));
        assertThat(again.next("connection.ack").at("/payload/status").asText()).isEqualTo("fresh");
      }
    }
  }
}

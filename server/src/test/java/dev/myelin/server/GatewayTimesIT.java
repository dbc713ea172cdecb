package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions;
import dev.myelin.edge.gateway.connection.GatewayOptions;
import dev.myelin.server.config.GatewayConfig;
import dev.myelin.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the gateway does when time passes, and when the server ends.
class GatewayTimesIT {
  @TempDir Path folder;

  private TestServer open(Duration init, Duration pong, Duration grace) {
    GatewayOptions usual = GatewayOptions.DEFAULT;
    GatewayOptions options =
        new GatewayOptions(
            usual.maxMessageBytes(),
            Duration.ofMillis(200),
            pong,
            init,
            grace,
            Duration.ofSeconds(1),
            usual.maxChannels(),
            usual.maxReplay(),
            usual.resumeWindow(),
            usual.compression(),
            usual.outbox(),
            usual.switches());
    UnaryOperator<ServerConfig> change =
        config ->
            config
                .withEdge(
                    config
                        .edge()
                        .withAccess(EdgeOptions.Access.OPEN.withTokens(GatewayClient.TOKENS)))
                .withGateway(GatewayConfig.DEFAULT.withSockets(options));
    return TestServer.open(folder, change);
  }

  @Test
  void closesWhoDoesNotSayWhoHeIs() throws InterruptedException {
    Duration usual = Duration.ofSeconds(60);
    try (TestServer server = open(Duration.ofMillis(300), usual, usual);
        GatewayClient client = new GatewayClient(server.port(), "/ws")) {
      JsonNode closed = client.closed();
      assertThat(closed.get("code").asInt()).isEqualTo(4001);
    }
  }

  @Test
  void closesWhoDoesNotAnswerPings() throws IOException, InterruptedException {
    Duration usual = Duration.ofSeconds(60);
    try (TestServer server = open(usual, Duration.ofMillis(300), usual);
        GatewayClient answers = GatewayClient.init(server.port(), "ann", "a");
        RawSocket silent = new RawSocket(server.port())) {
      answers.next("connection.ack");
      assertThat(silent.upgradeAt("/ws?token=" + token("bob"))).contains(" 101 ");
      RawSocket.Frame frame = silent.readFrame();
      while (frame.opcode() != RawSocket.CLOSE) {
        frame = silent.readFrame();
      }
      assertThat(frame.closeCode()).isEqualTo(4017);
      answers.send("{\"type\":\"connection.heartbeat\",\"payload\":{}}");
      answers.next("connection.heartbeat");
    }
  }

  @Test
  void letsAnExpiredTokenOnlyListenForAWhile() throws InterruptedException {
    Duration usual = Duration.ofSeconds(60);
    try (TestServer server = open(usual, usual, Duration.ofMillis(500));
        GatewayClient client = new GatewayClient(server.port(), "/ws")) {
      String soon = token("cid", "t1", Instant.now().plusSeconds(2), "*");
      client.command("connection.init", object().put("token", soon).put("client_id", "c"));
      client.next("connection.ack");
      client.subscribe(team("grace"));
      assertThat(client.next("connection.token_expiring").at("/payload/expires_in_ms").asLong())
          .isLessThanOrEqualTo(2_000);
      JsonNode closed = client.closed();
      assertThat(closed.get("code").asInt()).isEqualTo(4002);
      assertThat(closed.get("reason").asText()).endsWith(";resume=1");
    }
  }

  @Test
  void saysThatItGoesBeforeItCloses() throws InterruptedException {
    Duration usual = Duration.ofSeconds(60);
    TestServer server = open(usual, usual, usual);
    try (GatewayClient client = GatewayClient.init(server.port(), "dan", "d")) {
      client.next("connection.ack");
      Thread closing = Thread.ofVirtual().start(server::close);
      JsonNode goaway = client.next("connection.goaway").get("payload");
      assertThat(goaway.get("reason").asText()).isEqualTo("shutdown");
      assertThat(goaway.get("after_ms").asLong()).isBetween(0L, 2_000L);
      assertThat(client.closed().get("code").asInt()).isEqualTo(1012);
      closing.join();
    }
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rows of the table of errors that need a server with little room: a log that forgets at once, and
/// a single event that may wait to be told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GatewayCodesIT {
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
                "MYELIN_GATEWAY_CHANNEL_MAX_EVENTS",
                "2",
                "MYELIN_GATEWAY_CHANNEL_TRIM_INTERVAL",
                "10ms",
                "MYELIN_GATEWAY_MAX_WAITING",
                "1",
                "MYELIN_GATEWAY_BROKER_THREADS",
                "1",
                "MYELIN_GATEWAY_RATE_OTHER",
                "off"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private GatewayClient init(String name, String permission) throws Exception {
    GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=" + name);
    String token = token(name, "t1", Instant.now().plusSeconds(300), permission);
    client.command("connection.init", object().put("token", token).put("client_id", name));
    client.next("connection.ack");
    return client;
  }

  @Test
  void closesOnWhoIsRefusedOverAndOver() throws Exception {
    GatewayClient client = init("pushy", "team:core:read");
    for (int i = 0; i < 20; i++) {
      client.note("team:core", i);
    }
    for (int i = 0; i < 19; i++) {
      JsonNode error = client.next("error");
      assertThat(error.at("/payload/code").asInt()).isEqualTo(4003);
      assertThat(error.at("/payload/details/required").asText()).isEqualTo("team:core:write");
    }

    JsonNode last = client.next("connection.error").get("payload");

    assertThat(last.get("code").asInt()).isEqualTo(4003);
    assertThat(last.get("fatal").asBoolean()).isTrue();
    JsonNode closed = client.closed();
    assertThat(closed.get("code").asInt()).isEqualTo(4003);
    assertThat(closed.get("reason").asText()).isEqualTo("PERMISSION_DENIED;resume=0");
  }

  @Test
  void saysThatAPositionIsNotKeptAnyMore() throws Exception {
    GatewayClient client = init("historian", "*");
    GatewayGuest.publish(server.port(), "past", 20);
    JsonNode reply = object();
    while (!reply.path("type").asText().equals("error")) { // until the log is trimmed
      ObjectNode wanted = object().put("channel", "team:past").put("after", 0).put("limit", 10);
      reply = client.reply(client.command("channel.history", wanted));
    }

    assertThat(reply.at("/payload/code").asInt()).isEqualTo(4011);
    assertThat(reply.at("/payload/name").asText()).isEqualTo("POSITION_LOST");
    assertThat(reply.at("/payload/temporary").asBoolean()).isTrue();
    client.close(1000);
  }

  @Test
  void saysThatEventsAreLostBeforeTheSnapshot() throws Exception {
    GatewayClient client = init("hearer", "*");
    client.subscribe(team("burst"));
    List<Future<?>> all = new ArrayList<>();
    JsonNode lost = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (lost == null) {
        for (int i = 0; i < 8; i++) {
          all.add(
              threads.submit(() -> {
                GatewayGuest.publish(server.port(), "burst", 20);
                return null;
              }));
        }
        for (Future<?> one : all) {
          one.get();
        }
        lost = client.soon(message -> message.path("type").asText().equals("error"));
      }
    }

    assertThat(lost.at("/payload/code").asInt()).isEqualTo(4011);
    assertThat(lost.at("/payload/details/channel").asText()).isEqualTo("team:burst");
    assertThat(lost.at("/payload/fatal").asBoolean()).isFalse();
    JsonNode whole =
        client.next(message ->
            message.path("type").asText().equals("channel.subscribed")
                && message.at("/payload/channel").equals(team("burst"))
                && message.at("/payload/already").asBoolean());
    assertThat(whole.at("/payload/recovery").asText()).isEqualTo("snapshot");
    client.close(1000);
  }
}

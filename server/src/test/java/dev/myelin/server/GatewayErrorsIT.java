package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.gateway.GatewayCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The table of errors and close codes, row by row: as an event that answers a command, and as a
/// close that an error goes before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class GatewayErrorsIT {
  private static final int MOST_BYTES = 64 * 1024;

  @TempDir private static Path folder;

  private ServerProcess server;
  private int clients;

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
                "MYELIN_GATEWAY_MAX_MESSAGE_SIZE",
                "64KiB",
                "MYELIN_GATEWAY_INIT_TIMEOUT",
                "5s",
                "MYELIN_GATEWAY_PING_INTERVAL",
                "1s",
                "MYELIN_GATEWAY_PONG_TIMEOUT",
                "5s",
                "MYELIN_GATEWAY_RATE_CONNECT",
                "off",
                "MYELIN_GATEWAY_RATE_CONNECT_ADDRESS",
                "off",
                "MYELIN_GATEWAY_RATE_SUBSCRIBE",
                "2/60s burst 2"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private GatewayClient connect() {
    return new GatewayClient(server.port(), "/ws?client_id=errors-" + ++clients);
  }

  private GatewayClient init(String permission) throws Exception {
    GatewayClient client = connect();
    String name = "user-" + clients;
    String token = token(name, "t1", Instant.now().plusSeconds(300), permission);
    client.command("connection.init", object().put("token", token).put("client_id", name));
    client.next("connection.ack");
    return client;
  }

  // ---- as events

  private static JsonNode refused(GatewayClient client, String id, int code) throws Exception {
    JsonNode error = client.reply(id);
    assertThat(error.get("type").asText()).isEqualTo("error");
    assertThat(error.at("/payload/code").asInt()).as("%s", error).isEqualTo(code);
    assertThat(error.at("/payload/name").asText()).matches("[A-Z_]+");
    assertThat(error.at("/payload/message").asText()).isNotEmpty();
    assertThat(error.at("/payload/fatal").asBoolean()).isFalse();
    return error.get("payload");
  }

  private static void assertLives(GatewayClient client) throws Exception {
    String id = client.command("connection.heartbeat", object().put("timestamp", "now"));
    assertThat(client.reply(id).at("/payload/rtt_echo").asText()).isEqualTo("now");
    client.close(1000);
  }

  @Test
  void refusesABadTokenInARefreshAndGoesOn() throws Exception {
    GatewayClient client = init("*");
    String id = client.command("connection.refresh", object().put("token", "a.b.c"));

    JsonNode error = client.reply(id);

    assertThat(error.at("/payload/code").asInt()).isEqualTo(4001);
    assertLives(client);
  }

  @Test
  void refusesWhatIsNotPermitted() throws Exception {
    GatewayClient client = init("team:core:read");

    refused(client, client.note("team:core", 1), 4003);

    assertLives(client);
  }

  @Test
  void hidesWhatMayNotBeSeen() throws Exception {
    GatewayClient client = init("team:core:read");
    ObjectNode payload = object();
    payload.putArray("channels").add(team("other"));
    String id = client.command("channel.subscribe", payload);

    JsonNode error = client.next("error").get("payload");

    assertThat(error.get("code").asInt()).isEqualTo(4006);
    assertThat(error.at("/details/channel").asText()).isEqualTo("team:other");
    assertThat(client.reply(id).at("/payload/result/failed")).hasSize(1);
    assertLives(client);
  }

  @Test
  void refusesAnotherCommandOfTheSameId() throws Exception {
    GatewayClient client = init("*");
    ObjectNode payload = object().put("channel", "team:core").put("type", "app.note");
    payload.putObject("payload").put("n", 1);
    client.command("same", "channel.publish", payload);
    assertThat(client.reply("same").get("type").asText()).isEqualTo("ack");
    payload.putObject("payload").put("n", 2);

    client.command("same", "channel.publish", payload);

    assertThat(refused(client, "same", 4009).get("name").asText())
        .isEqualTo("IDEMPOTENCY_MISMATCH");
    assertLives(client);
  }

  @Test
  void passesOverAMessageThatIsOneByteTooLong() throws Exception {
    GatewayClient client = init("*");
    String start = "{\"id\":\"long\",\"type\":\"connection.heartbeat\",\"payload\":{}}";

    client.send(start + " ".repeat(MOST_BYTES + 1 - start.length()));

    JsonNode error = client.next("error").get("payload");
    assertThat(error.get("code").asInt()).isEqualTo(4005);
    assertThat(error.get("message").asText()).contains(Integer.toString(MOST_BYTES));
    client.send(start + " ".repeat(MOST_BYTES - start.length()));
    client.reply("long");
    assertLives(client);
  }

  @Test
  void takesUnknownMembersAndRefusesUnknownTypes() throws Exception {
    GatewayClient client = init("*");
    client.send(
        "{\"id\":\"u\",\"type\":\"connection.heartbeat\",\"new\":1,\"payload\":{\"newer\":[2]}}");
    client.reply("u");
    client.command("t", "no.such", object());
    refused(client, "t", 4005);
    assertLives(client);
  }

  // ---- as closes

  private static JsonNode closed(GatewayClient client, int code, String name) throws Exception {
    JsonNode error = client.next(message -> message.path("type").asText().endsWith("error"));
    while (!error.at("/payload/fatal").asBoolean()) {
      error = client.next(message -> message.path("type").asText().endsWith("error"));
    }
    assertThat(error.at("/payload/code").asInt()).as("%s", error).isEqualTo(code);
    JsonNode closed = client.closed();
    assertThat(closed.get("code").asInt()).isEqualTo(code);
    boolean comesBack = GatewayCode.valueOf(name).isComingBack();
    assertThat(closed.get("reason").asText())
        .startsWith(name + ";")
        .endsWith(comesBack ? "resume=1" : "resume=0");
    return error.get("payload");
  }

  private void initWith(GatewayClient client, String token) {
    ObjectNode payload = object().put("token", token).put("client_id", "x").put("version", "1.0");
    client.command("connection.init", payload);
  }

  @Test
  void closesWithoutAGoodToken() throws Exception {
    GatewayClient client = connect();
    initWith(client, "a.b.c");

    assertThat(client.next("connection.error").at("/payload/code").asInt()).isEqualTo(4001);
    assertThat(client.closed().get("code").asInt()).isEqualTo(4001);
  }

  @Test
  void closesWithATokenThatIsOver() throws Exception {
    GatewayClient client = connect();
    initWith(client, token("old", "t1", Instant.now().minusSeconds(300), "*"));

    assertThat(client.next("connection.error").at("/payload/code").asInt()).isEqualTo(4002);
    assertThat(client.closed().get("code").asInt()).isEqualTo(4002);
  }

  @Test
  void closesOnWhoNeverSaysWhoItIs() throws Exception {
    assertThat(connect().closed().get("code").asInt()).isEqualTo(4001);
  }

  @Test
  void closesOnWhoSpeaksAnotherVersion() throws Exception {
    GatewayClient client = connect();
    client.command(
        "connection.init",
        object().put("token", token("v")).put("client_id", "v").put("version", "9.0"));

    JsonNode error = client.next("connection.error").get("payload");
    assertThat(error.get("code").asInt()).isEqualTo(4008);
    assertThat(error.get("supported_versions")).isNotEmpty();
    assertThat(client.closed().get("code").asInt()).isEqualTo(4008);
  }

  @Test
  void closesOnWhoDoesNotSlowDown() throws Exception {
    GatewayClient client = init("*");
    List<Long> waits = new ArrayList<>();
    int code = 0;
    for (int i = 0; code == 0 && i < 20; i++) {
      ObjectNode payload = object();
      payload.putArray("channels").add(team("t" + i));
      client.command("s" + i, "channel.subscribe", payload);
      JsonNode reply = client.reply("s" + i);
      if (reply.get("type").asText().endsWith("error")) {
        assertThat(reply.at("/payload/code").asInt()).isEqualTo(4004);
        assertThat(reply.at("/payload/details/bucket").asText()).isEqualTo("subscribe");
        waits.add(reply.at("/payload/retry_after_ms").asLong());
        code = reply.at("/payload/fatal").asBoolean() ? 4004 : 0;
      }
    }
    assertThat(waits).hasSize(5);
    for (int i = 0; i < waits.size(); i++) {
      assertThat(waits.get(i)).isGreaterThanOrEqualTo(1_000L << i);
    }
    assertThat(client.closed().get("code").asInt()).isEqualTo(4004);
  }

  @Test
  void closesOnWhoSendsNothingButNonsense() throws Exception {
    GatewayClient client = init("*");
    for (int i = 0; i < 10; i++) {
      client.command("n" + i, "no.such", object());
    }

    closed(client, 4005, "INVALID_MESSAGE_FORMAT");
  }

  @Test
  void closesTheSixthConnectionOfAClient() throws Exception {
    List<GatewayClient> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      GatewayClient client = connect();
      initWith(client, token("many"));
      client.next("connection.ack");
      all.add(client);
    }
    GatewayClient sixth = connect();
    initWith(sixth, token("many"));

    JsonNode error = sixth.next("connection.error").get("payload");
    assertThat(error.get("code").asInt()).isEqualTo(4013);
    assertThat(error.at("/details/scope").asText()).isEqualTo("client");
    assertThat(sixth.closed().get("code").asInt()).isEqualTo(4013);
    for (GatewayClient client : all) {
      client.close(1000);
    }
  }

  @Test
  void closesOnWhoAnswersNoPings() throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      String token = token("silent", "t1", Instant.now().plusSeconds(300), "*");
      socket.upgradeAt("/ws?client_id=silent", "Authorization: Bearer " + token);
      socket.frame(
          RawSocket.TEXT,
          true,
          "{\"id\":\"i\",\"type\":\"connection.init\",\"payload\":{\"client_id\":\"silent\"}}"
              .getBytes(StandardCharsets.UTF_8));
      int pings = 0;
      String last = "";
      RawSocket.Frame frame = socket.readFrame();
      while (frame.opcode() != RawSocket.CLOSE) {
        pings += frame.opcode() == RawSocket.PING ? 1 : 0;
        last = frame.opcode() == RawSocket.TEXT ? frame.text() : last;
        frame = socket.readFrame();
      }
      assertThat(pings).isPositive();
      assertThat(last).contains("\"code\":4017");
      assertThat(frame.closeCode()).isEqualTo(4017);
    }
  }
}

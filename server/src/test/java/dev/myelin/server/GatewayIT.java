package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.EdgeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The gateway in both dialects, every message of it held against `/asyncapi.json`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {
  /// The schemas of what the server says, by its type.
  private static final Map<String, String> SCHEMAS =
      Map.ofEntries(
          Map.entry("connection.ack", "ConnectionAck"),
          Map.entry("connection.error", "ConnectionError"),
          Map.entry("connection.refreshed", "ConnectionRefreshed"),
          Map.entry("connection.heartbeat", "ConnectionBeat"),
          Map.entry("channel.subscribed", "ChannelSubscribed"),
          Map.entry("channel.unsubscribed", "ChannelUnsubscribed"),
          Map.entry("channel.history", "ChannelPast"),
          Map.entry("channel.presence", "ChannelPresent"),
          Map.entry("ack", "Ack"),
          Map.entry("error", "Failure"),
          Map.entry("app.note", "ChannelEvent"));

  @TempDir static Path folder;
  private TestServer server;
  private ApiContract contract;

  @BeforeAll
  void open() throws IOException, InterruptedException {
    server =
        TestServer.open(
            folder,
            config ->
                config.withEdge(
                    config
                        .edge()
                        .withAccess(EdgeOptions.Access.OPEN.withTokens(GatewayClient.TOKENS))));
    contract = new ApiContract(ApiContract.JSON.readTree(server.get("/asyncapi.json").body()));
  }

  @AfterAll
  void close() {
    server.close();
  }

  private GatewayClient init(String subject) throws InterruptedException {
    GatewayClient client = GatewayClient.init(server.port(), subject, subject + "-1");
    checked(client.next("connection.ack"));
    return client;
  }

  private JsonNode checked(JsonNode message) {
    String schema = SCHEMAS.get(message.path("type").asText());
    assertThat(schema).as("%s", message).isNotNull();
    contract.validate(contract.schema(String.valueOf(schema)), message);
    return message;
  }

  private static ObjectNode channels(Object... names) {
    ObjectNode payload = object();
    ArrayNode list = payload.putArray("channels");
    for (Object name : names) {
      if (name instanceof ObjectNode node) {
        list.add(node);
      } else {
        list.add(name.toString());
      }
    }
    return payload;
  }

  @Test
  void saysAllThatAClientNeedsToKnow() throws InterruptedException {
    try (GatewayClient client = GatewayClient.init(server.port(), "ann", "ann-1")) {
      JsonNode ack = checked(client.next("connection.ack")).get("payload");
      assertThat(ack.get("status").asText()).isEqualTo("connected");
      assertThat(ack.at("/user/id").asText()).isEqualTo("ann");
      assertThat(ack.at("/user/tenant_id").asText()).isEqualTo("t1");
      assertThat(ack.at("/limits/max_message_bytes").asInt()).isEqualTo(1024 * 1024);
      assertThat(ack.at("/limits/rate/channel.subscribe/limit").asInt()).isEqualTo(50);
      JsonNode own = checked(client.next("channel.subscribed"));
      assertThat(own.get("channel").asText()).isEqualTo("user:ann");
    }
  }

  @Test
  void closesWithTheReasonWhoComesWithoutAGoodToken() throws InterruptedException {
    String expired = token("ann", "t1", Instant.EPOCH.plusSeconds(1), "*");
    for (Map.Entry<String, Integer> wrong : Map.of(expired, 4002, "a.b.c", 4001).entrySet()) {
      try (GatewayClient client = new GatewayClient(server.port(), "/ws")) {
        String id =
            client.command(
                "connection.init", object().put("token", wrong.getKey()).put("client_id", "c"));
        JsonNode error = checked(client.reply(id)).get("payload");
        assertThat(error.get("code").asInt()).isEqualTo(wrong.getValue());
        assertThat(error.get("fatal").asBoolean()).isTrue();
        JsonNode closed = client.closed();
        assertThat(closed.get("code").asInt()).isEqualTo(wrong.getValue());
        assertThat(closed.get("reason").asText()).endsWith(";resume=0");
      }
    }
  }

  @Test
  void refusesVersionsThatItDoesNotSpeak() throws InterruptedException {
    try (GatewayClient client = new GatewayClient(server.port(), "/ws")) {
      ObjectNode init = object().put("token", token("ann")).put("client_id", "v");
      client.command("connection.init", init.put("version", "9.0"));
      JsonNode error = checked(client.next("connection.error")).get("payload");
      assertThat(error.get("code").asInt()).isEqualTo(4008);
      assertThat(error.at("/supported_versions/0").asText()).isEqualTo("1.0");
      assertThat(client.closed().get("code").asInt()).isEqualTo(4008);
    }
  }

  @Test
  void tellsEventsInOrderAndSaysWhatWasSubscribed() throws InterruptedException {
    try (GatewayClient bob = init("bob");
        GatewayClient cid = init("cid")) {
      String id = bob.command("channel.subscribe", channels("team:order", "nonsense", team("two")));
      assertThat(checked(bob.next("error")).at("/payload/details/channel").asText())
          .isEqualTo("nonsense");
      JsonNode result = checked(bob.reply(id)).at("/payload/result");
      assertThat(result.get("subscribed").toString()).isEqualTo("[\"team:order\",\"team:two\"]");
      assertThat(result.get("failed").toString()).isEqualTo("[\"nonsense\"]");
      for (int n = 1; n <= 20; n++) {
        checked(cid.reply(cid.note("team:order", n)));
      }
      for (int n = 1; n <= 20; n++) {
        JsonNode event = checked(bob.next("app.note"));
        assertThat(event.get("offset").asInt()).isEqualTo(n);
        assertThat(event.at("/payload/n").asInt()).isEqualTo(n);
      }
    }
  }

  @Test
  void publishesACommandOnceHoweverOftenItComes() throws InterruptedException {
    try (GatewayClient dan = init("dan")) {
      ObjectNode payload = object().put("channel", "team:once").put("type", "app.note");
      payload.putObject("payload").put("n", 1);
      dan.command("same", "channel.publish", payload);
      JsonNode first = checked(dan.reply("same")).get("payload");
      dan.command("same", "channel.publish", payload);
      JsonNode second = checked(dan.reply("same")).get("payload");
      assertThat(second.get("status").asText()).isEqualTo("duplicate");
      assertThat(second.at("/result/offset")).isEqualTo(first.at("/result/offset"));
      payload.putObject("payload").put("n", 2);
      dan.command("same", "channel.publish", payload);
      JsonNode mismatch = checked(dan.reply("same")).get("payload");
      assertThat(mismatch.get("code").asInt()).isEqualTo(4009);
      assertThat(mismatch.get("name").asText()).isEqualTo("IDEMPOTENCY_MISMATCH");
    }
  }

  @Test
  void keepsTenantsApartAndHidesWhatMayNotBeSeen() throws InterruptedException {
    try (GatewayClient eve = new GatewayClient(server.port(), "/ws")) {
      String token = token("eve", "t2", Instant.now().plusSeconds(300), "team:mine:read");
      eve.command("connection.init", object().put("token", token).put("client_id", "e"));
      checked(eve.next("connection.ack"));
      String id = eve.command("channel.subscribe", channels("team:core"));
      assertThat(checked(eve.next("error")).at("/payload/code").asInt()).isEqualTo(4006);
      assertThat(checked(eve.reply(id)).at("/payload/status").asText()).isEqualTo("rejected");
      eve.subscribe(team("mine"));
      try (GatewayClient ann = init("ann")) {
        checked(ann.reply(ann.note("team:mine", 1)));
      }
      JsonNode refused = checked(eve.reply(eve.note("team:mine", 2)));
      assertThat(refused.at("/payload/code").asInt()).isEqualTo(4003);
      String history = eve.command("channel.history", object().put("channel", "team:mine"));
      assertThat(checked(eve.reply(history)).at("/payload/events")).isEmpty();
    }
  }

  @Test
  void saysExactlyWhatIsWrongWithAMessageAndStaysOpen() throws InterruptedException {
    try (GatewayClient fay = init("fay")) {
      fay.command("x1", "no.such", object());
      JsonNode unknown = checked(fay.reply("x1")).get("payload");
      assertThat(unknown.get("code").asInt()).isEqualTo(4005);
      assertThat(unknown.at("/details/known_family").asBoolean()).isFalse();
      fay.command("x2", "chat.message", object());
      assertThat(checked(fay.reply("x2")).at("/payload/details/known_family").asBoolean()).isTrue();
      ObjectNode bad = channels(team("a").put("offset", -1));
      fay.command("x3", "channel.subscribe", bad);
      JsonNode invalid = checked(fay.reply("x3")).get("payload");
      assertThat(invalid.get("code").asInt()).isEqualTo(4005);
      assertThat(invalid.at("/errors/0/path").asText()).isEqualTo("/payload/channels/0/offset");
      fay.send("x".repeat(1024 * 1024 + 1));
      JsonNode large = checked(fay.next("error")).get("payload");
      assertThat(large.get("name").asText()).isEqualTo("MESSAGE_TOO_LARGE");
      assertThat(large.at("/details/max_bytes").asInt()).isEqualTo(1024 * 1024);
      fay.send("{\"type\":\"connection.heartbeat\",\"payload\":{\"timestamp\":\"t\"}}");
      assertThat(checked(fay.next("connection.heartbeat")).at("/payload/rtt_echo").asText())
          .isEqualTo("t");
    }
  }

  @Test
  void closesWhoSendsNothingButNonsense() throws InterruptedException {
    try (GatewayClient client = init("gil")) {
      for (int i = 0; i < 10; i++) {
        client.send("nonsense");
      }
      assertThat(checked(client.next("connection.error")).at("/payload/code").asInt())
          .isEqualTo(4005);
      assertThat(client.closed().get("code").asInt()).isEqualTo(4005);
    }
  }

  @Test
  void goesOnWithASessionWhereItWas() throws InterruptedException {
    GatewayClient hal = GatewayClient.init(server.port(), "hal", "hal-1");
    String session = hal.next("connection.ack").at("/payload/session_id").asText();
    JsonNode subscribed = hal.subscribe(team("resume"));
    hal.drop();
    try (GatewayClient ivy = init("ivy")) {
      for (int n = 1; n <= 10; n++) {
        checked(ivy.reply(ivy.note("team:resume", n)));
      }
    }
    ObjectNode again =
        object().put("token", token("hal")).put("client_id", "hal-1").put("session_id", session);
    again
        .putArray("positions")
        .addObject()
        .put("channel", "team:resume")
        .put("epoch", subscribed.get("epoch").asText())
        .put("offset", 0);
    try (GatewayClient back = new GatewayClient(server.port(), "/ws")) {
      back.command("connection.reconnect", again);
      JsonNode ack = checked(back.next("connection.ack")).get("payload");
      assertThat(ack.get("status").asText()).isEqualTo("resumed");
      assertThat(ack.get("session_id").asText()).isEqualTo(session);
      List<String> recoveries = new ArrayList<>();
      ack.get("channels")
          .forEach(one ->
              recoveries.add(one.at("/channel/id").asText() + " " + one.get("recovery").asText()));
      assertThat(recoveries).contains("resume replay");
      for (int n = 1; n <= 10; n++) {
        JsonNode event = checked(back.next("app.note"));
        assertThat(event.get("offset").asInt()).isEqualTo(n);
        assertThat(event.get("replayed").asBoolean()).isTrue();
      }
      checked(back.reply(back.note("team:resume", 11)));
      assertThat(back.next("app.note").get("offset").asInt()).isEqualTo(11);
    }
  }

  @Test
  void tellsWhatWasMissedOnTheUsersOwnChannel() throws InterruptedException {
    GatewayClient uma = GatewayClient.init(server.port(), "uma", "uma-1");
    String session = checked(uma.next("connection.ack")).at("/payload/session_id").asText();
    JsonNode own = checked(uma.next("channel.subscribed")).get("payload");
    uma.drop();
    try (GatewayClient vic = init("vic")) {
      for (int n = 1; n <= 3; n++) {
        checked(vic.reply(vic.note("user:uma", n)));
      }
    }
    ObjectNode again =
        object().put("token", token("uma")).put("client_id", "uma-1").put("session_id", session);
    ObjectNode position = again.putArray("positions").addObject().put("channel", "user:uma");
    position.put("epoch", own.get("epoch").asText()).put("offset", own.get("offset").asLong());
    try (GatewayClient back = new GatewayClient(server.port(), "/ws")) {
      back.command("connection.reconnect", again);
      JsonNode ack = checked(back.next("connection.ack")).get("payload");
      assertThat(ack.get("channels")).hasSize(1);
      assertThat(ack.at("/channels/0/channel/type").asText()).isEqualTo("user");
      assertThat(ack.at("/channels/0/epoch")).isEqualTo(own.get("epoch"));
      assertThat(ack.at("/channels/0/recovery").asText()).isEqualTo("replay");
      for (int n = 1; n <= 3; n++) {
        JsonNode event = checked(back.next("app.note"));
        assertThat(event.get("offset").asInt()).isEqualTo(n);
        assertThat(event.get("replayed").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void endsTheConnectionWhoseSessionGoesOnElsewhere() throws InterruptedException {
    try (GatewayClient one = GatewayClient.init(server.port(), "jim", "jim-1");
        GatewayClient two = new GatewayClient(server.port(), "/ws")) {
      String session = one.next("connection.ack").at("/payload/session_id").asText();
      one.subscribe(team("taken"));
      two.command(
          "connection.reconnect",
          object().put("token", token("jim")).put("client_id", "jim-1").put("session_id", session));
      assertThat(checked(two.next("connection.ack")).at("/payload/status").asText())
          .isEqualTo("resumed");
      assertThat(one.closed().get("code").asInt()).isEqualTo(4016);
      checked(two.reply(two.note("team:taken", 1)));
      assertThat(two.next("app.note").get("offset").asInt()).isEqualTo(1);
    }
  }

  @Test
  void saysHonestlyThatASessionIsGone() throws InterruptedException {
    try (GatewayClient client = new GatewayClient(server.port(), "/ws")) {
      client.command(
          "connection.reconnect",
          object()
              .put("token", token("kim"))
              .put("client_id", "kim-1")
              .put("session_id", "0123456789abcdef0123456789abcdef"));
      assertThat(checked(client.next("connection.ack")).at("/payload/status").asText())
          .isEqualTo("fresh");
    }
  }

  @Test
  void givesASnapshotToWhoMissedTooMuchOrComesFromAnotherLog() throws InterruptedException {
    try (GatewayClient lea = init("lea")) {
      checked(lea.reply(lea.note("team:snap", 1)));
      JsonNode ahead = lea.subscribe(team("snap").put("offset", 99));
      assertThat(ahead.get("recovery").asText()).isEqualTo("snapshot");
      assertThat(ahead.get("recovered").asBoolean()).isFalse();
      JsonNode other = lea.subscribe(team("snap").put("offset", 0).put("epoch", "other"));
      assertThat(other.get("recovery").asText()).isEqualTo("snapshot");
      assertThat(other.get("already").asBoolean()).isTrue();
      JsonNode whole = lea.subscribe(team("snap").put("offset", 0));
      assertThat(whole.get("recovery").asText()).isEqualTo("replay");
      assertThat(whole.get("replay_count").asInt()).isEqualTo(1);
      assertThat(checked(lea.next("app.note")).get("replayed").asBoolean()).isTrue();
    }
  }

  @Test
  void takesAnotherTokenOfTheSameUserAndDropsWhatThatMayNotHear() throws InterruptedException {
    try (GatewayClient max = init("max")) {
      max.subscribe(team("kept"));
      max.subscribe(team("lost"));
      String lesser = token("max", "t1", Instant.now().plusSeconds(600), "team:kept:read");
      String id = max.command("connection.refresh", object().put("token", lesser));
      JsonNode refreshed = checked(max.reply(id)).get("payload");
      assertThat(refreshed.get("permissions_changed").asBoolean()).isTrue();
      assertThat(refreshed.get("dropped_channels").toString()).isEqualTo("[\"team:lost\"]");
      assertThat(checked(max.next("channel.unsubscribed")).at("/payload/reason").asText())
          .isEqualTo("permission_revoked");
      String wrong = max.command("connection.refresh", object().put("token", "a.b.c"));
      assertThat(checked(max.reply(wrong)).at("/payload/fatal").asBoolean()).isFalse();
      max.command("connection.refresh", object().put("token", token("other")));
      assertThat(max.closed().get("code").asInt()).isEqualTo(4001);
    }
  }

  @Test
  void tellsNothingWhilePausedAndMakesItGoodAfterwards() throws InterruptedException {
    try (GatewayClient ned = init("ned");
        GatewayClient ora = init("ora")) {
      ned.subscribe(team("flow"));
      checked(ned.reply(ned.command("connection.flow", object().put("action", "pause"))));
      for (int n = 1; n <= 3; n++) {
        checked(ora.reply(ora.note("team:flow", n)));
      }
      ned.command("connection.flow", object().put("action", "resume"));
      JsonNode again =
          checked(
              ned.next(message ->
                  message.path("type").asText().equals("channel.subscribed")
                      && message.at("/payload/recovery").asText().equals("snapshot")));
      assertThat(again.at("/payload/offset").asInt()).isEqualTo(3);
      checked(ora.reply(ora.note("team:flow", 4)));
      assertThat(ned.next("app.note").get("offset").asInt()).isEqualTo(4);
    }
  }

  @Test
  void bringsMessagesTogetherForWhoWantsThemSo() throws InterruptedException {
    try (GatewayClient pam = new GatewayClient(server.port(), "/ws")) {
      ObjectNode init = object().put("token", token("pam")).put("client_id", "pam-1");
      init.putArray("capabilities").add("batch");
      init.putObject("stream").put("flush_ms", 200);
      pam.command("connection.init", init);
      assertThat(checked(pam.next("connection.ack")).at("/payload/capabilities").toString())
          .isEqualTo("[\"batch\"]");
      ArrayNode batch = ApiContract.JSON.createArrayNode();
      for (int n = 1; n <= 10; n++) {
        ObjectNode payload = object().put("channel", "team:batch").put("type", "app.note");
        payload.putObject("payload").put("n", n);
        batch.addObject().put("id", "b" + n).put("type", "channel.publish").set("payload", payload);
      }
      pam.send(batch.toString());
      int acks = 0;
      int frames = 0;
      while (acks < 10) {
        JsonNode frame = pam.next();
        assertThat(frame.isArray()).as("%s", frame).isTrue();
        frames++;
        for (JsonNode one : frame) {
          acks += one.path("type").asText().equals("ack") ? 1 : 0;
        }
      }
      assertThat(frames).isLessThan(10);
    }
  }

  @Test
  void speaksTheFlatDialect() throws InterruptedException {
    String path = "/ws?client_id=flat&token=" + token("flo");
    try (GatewayClient flo = new GatewayClient(server.port(), path);
        GatewayClient ann = init("ann")) {
      JsonNode welcome = flo.next();
      assertThat(welcome.get("type").asText()).isEqualTo("welcome");
      assertThat(welcome.hasNonNull("connection_id")).isTrue();
      assertThat(welcome.hasNonNull("session_id")).isTrue();
      assertThat(welcome.hasNonNull("server_version")).isTrue();
      flo.send("{\"type\":\"ping\"}");
      assertThat(flo.next().toString()).isEqualTo("{\"type\":\"pong\"}");
      flo.send("{\"type\":\"subscribe\",\"channel\":\"team:plain\"}");
      assertThat(flo.next("subscribed").get("channel").asText()).isEqualTo("team:plain");
      checked(ann.reply(ann.note("team:plain", 5)));
      JsonNode event = flo.next("app.note");
      assertThat(event.get("n").asInt()).isEqualTo(5);
      assertThat(event.get("channel").asText()).isEqualTo("team:plain");
      flo.send("{");
      assertThat(flo.next("error").get("code").asText()).isEqualTo("INVALID_MESSAGE");
      flo.send("{\"type\":\"subscribe\",\"channel\":\"spec:1\"}");
      assertThat(flo.next("error").get("code").asText()).isEqualTo("UNKNOWN_CHANNEL");
      flo.send("{\"type\":\"unsubscribe\",\"channel\":\"team:plain\"}");
      assertThat(flo.next("unsubscribed").get("channel").asText()).isEqualTo("team:plain");
    }
  }

  @Test
  void understandsEventsWithoutAnEnvelope() throws InterruptedException {
    try (GatewayClient quy = new GatewayClient(server.port(), "/ws")) {
      quy.send(
          object()
              .put("type", "connection.init")
              .put("token", token("quy"))
              .put("client_id", "quy-1")
              .put("version", "1.0")
              .toString());
      JsonNode ack = quy.next("connection.ack");
      assertThat(ack.get("status").asText()).isEqualTo("connected");
      assertThat(ack.has("payload")).isFalse();
      quy.send(
          "{\"type\":\"channel.subscribe\",\"channels\":[{\"type\":\"team\",\"id\":\"flat\"}]}");
      JsonNode subscribed = quy.next(message -> message.at("/channel/id").asText().equals("flat"));
      assertThat(subscribed.get("offset").asInt()).isZero();
      quy.send("{\"type\":\"channel.subscribe\",\"channels\":7}");
      assertThat(quy.next("error").at("/errors/0/path").asText()).isEqualTo("/channels");
    }
  }

  @Test
  void listensOnlyWhereThatIsAskedFor() throws InterruptedException {
    String path = "/ws/stream?client_id=l&channels=team:radio&token=" + token("ray");
    try (GatewayClient ray = new GatewayClient(server.port(), path);
        GatewayClient ann = init("ann")) {
      assertThat(
              ray.next(message -> message.at("/channel/id").asText().equals("radio")).has("offset"))
          .isTrue();
      checked(ann.reply(ann.note("team:radio", 1)));
      assertThat(ray.next("app.note").get("n").asInt()).isEqualTo(1);
      ray.send("{\"type\":\"subscribe\",\"channel\":\"team:other\"}");
      assertThat(ray.next("error").get("code").asText()).isEqualTo("PERMISSION_DENIED");
    }
  }

  @Test
  void showsWhoIsThere() throws InterruptedException {
    try (GatewayClient sam = init("sam");
        GatewayClient tom = init("tom")) {
      sam.subscribe(team("who").put("presence", "full"));
      checked(sam.next("channel.presence"));
      tom.subscribe(team("who").put("presence", "full"));
      sam.next(message ->
          message.path("type").asText().equals("channel.presence")
              && message.at("/payload/joined").toString().contains("\"tom\""));
      String id =
          tom.command("team.presence.update", object().put("team_id", "who").put("status", "busy"));
      checked(tom.reply(id));
      sam.next(message -> message.at("/payload/updated/0/status").asText().equals("busy"));
    }
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Coming in to the gateway, hearing channels and saying something on them.
class GatewayIT extends GatewayTalk {
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
}

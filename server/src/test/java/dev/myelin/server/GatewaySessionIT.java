package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sessions of the gateway that outlive a connection, a token, or a pause.
class GatewaySessionIT extends GatewayTalk {
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
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/// The ways in which the gateway is spoken to, and who is seen there.
class GatewayDialectsIT extends GatewayTalk {
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

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients of the gateway say twice, and where they go on that do not say where they were.
class GatewayAgainIT extends GatewayTalk {

  /// Comes back with a session, and what else it says of where it was.
  private GatewayClient back(String name, String session, ObjectNode more)
      throws InterruptedException {
    GatewayClient client = new GatewayClient(server.port(), "/ws");
    ObjectNode payload =
        object().put("token", token(name)).put("client_id", name + "-1").put("session_id", session);
    payload.setAll(more);
    client.command("connection.reconnect", payload);
    return client;
  }

  private GatewayClient come(String name) throws InterruptedException {
    return GatewayClient.init(server.port(), name, name + "-1");
  }

  private static String session(GatewayClient client) throws InterruptedException {
    return client.next("connection.ack").at("/payload/session_id").asText();
  }

  private static void publish(GatewayClient client, String channel, int count)
      throws InterruptedException {
    for (int n = 1; n <= count; n++) {
      client.reply(client.note(channel, n));
    }
  }

  private static List<Long> offsets(GatewayClient client, int count) throws InterruptedException {
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      offsets.add(client.next("app.note").get("offset").asLong());
    }
    return offsets;
  }

  private static JsonNode of(JsonNode ack, String id) {
    for (JsonNode one : ack.at("/payload/channels")) {
      if (one.get("channel").equals(GatewayClient.team(id))) {
        return one;
      }
    }
    throw new AssertionError("nothing about " + id + ": " + ack);
  }

  @Test
  void answersACommandAgainOnTheNextConnectionOfTheSession() throws InterruptedException {
    GatewayClient first = come("again");
    String session = session(first);
    first.command("sub-1", "channel.subscribe", channels("team:again"));
    JsonNode answer = checked(first.reply("sub-1")).get("payload");
    first.drop();

    try (GatewayClient client = back("again", session, object())) {
      client.next("connection.ack");
      client.command("sub-1", "channel.subscribe", channels("team:again"));
      JsonNode again = checked(client.reply("sub-1")).get("payload");
      assertThat(again.get("duplicate").asBoolean()).isTrue();
      assertThat(again.get("status").asText()).isEqualTo("duplicate");
      assertThat(again.get("result")).isEqualTo(answer.get("result"));

      client.command("sub-1", "channel.subscribe", channels("team:other"));
      JsonNode other = checked(client.reply("sub-1")).get("payload");
      assertThat(other.get("code").asInt()).isEqualTo(4009);
      client.command("sub-1", "channel.subscribe", channels("team:again"));
      assertThat(client.reply("sub-1").at("/payload/duplicate").asBoolean()).isTrue();
    }
  }

  @Test
  void carriesOutWhatWasRefusedBefore() throws InterruptedException {
    try (GatewayClient client = init("later")) {
      ObjectNode busy = object().put("channel", "team:later").put("status", "busy");
      client.command("here", "channel.presence", busy);
      assertThat(checked(client.reply("here")).at("/payload/code").asInt()).isEqualTo(4006);
      client.subscribe(GatewayClient.team("later"));

      client.command("here", "channel.presence", busy);

      assertThat(client.reply("here").at("/payload/status").asText()).isEqualTo("accepted");
    }
  }

  @Test
  void goesOnFromWhatAHeartbeatConfirmed() throws Exception {
    GatewayClient first = come("beat");
    String session = session(first);
    first.subscribe(GatewayClient.team("beat"));
    publish(first, "team:beat", 3);
    offsets(first, 3);
    ObjectNode beat = object();
    beat.putObject("positions").put("team:beat", 1).put("team:unknown", 7);
    first.reply(first.command("connection.heartbeat", beat));
    first.drop();

    try (GatewayClient client = back("beat", session, object())) {
      JsonNode ack = checked(client.next("connection.ack"));
      assertThat(of(ack, "beat").get("replay_count").asInt()).isEqualTo(2);
      assertThat(offsets(client, 2)).containsExactly(2L, 3L);
      assertThat(server.get("/metrics").body()).contains("myelin_gateway_lag_events_count");
    }
  }

  @Test
  void goesOnFromTheLastEventThatAClientNames() throws InterruptedException {
    GatewayClient first = come("last");
    String session = session(first);
    first.subscribe(GatewayClient.team("last"));
    first.subscribe(GatewayClient.team("beside"));
    publish(first, "team:beside", 1);
    publish(first, "team:last", 3);
    String id =
        first
            .next(event ->
                event.path("offset").asLong() == 1
                    && event.path("channel").asText().equals("team:last"))
            .get("id")
            .asText();
    first.drop();

    try (GatewayClient client = back("last", session, object().put("last_event_id", id))) {
      JsonNode ack = checked(client.next("connection.ack"));
      assertThat(of(ack, "last").get("recovered").asBoolean()).isTrue();
      assertThat(of(ack, "last").get("replay_count").asInt()).isEqualTo(2);
      assertThat(of(ack, "beside").get("recovered").asBoolean()).isTrue();
      // It may be told again what it had: it knows by the offsets.
      assertThat(of(ack, "beside").get("replay_count").asInt()).isEqualTo(1);
    }
  }

  @Test
  void makesAClientWholeThatNamesAnUnknownEvent() throws InterruptedException {
    GatewayClient first = come("lost");
    String session = session(first);
    first.subscribe(GatewayClient.team("lost"));
    publish(first, "team:lost", 2);
    first.drop();

    try (GatewayClient client = back("lost", session, object().put("last_event_id", "nobody"))) {
      JsonNode told = of(checked(client.next("connection.ack")), "lost");
      assertThat(told.get("was_recovering").asBoolean()).isTrue();
      assertThat(told.get("recovered").asBoolean()).isFalse();
      assertThat(told.get("recovery").asText()).isEqualTo("snapshot");
      assertThat(told.get("offset").asLong()).isEqualTo(2);
    }
  }
}

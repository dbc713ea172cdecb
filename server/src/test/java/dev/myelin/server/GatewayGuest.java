package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/// Somebody who is on a channel of a team.
final class GatewayGuest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port;
  private final String name;
  private final String channel;
  GatewayClient client;
  private String session;
  String epoch;
  long offset;

  GatewayGuest(int port, String name, String channel) throws Exception {
    this.port = port;
    this.name = name;
    this.channel = channel;
    client = new GatewayClient(port, "/ws?client_id=" + name);
    client.command("connection.init", object().put("token", token(name)).put("client_id", name));
    session = client.next("connection.ack").at("/payload/session_id").asText();
    JsonNode joined = client.subscribe(team(channel));
    epoch = joined.get("epoch").asText();
    offset = joined.get("offset").asLong();
  }

  /// Comes back with where it was; gives what it was told of that.
  JsonNode comeBack() throws Exception {
    return comeBack(epoch, offset);
  }

  JsonNode comeBack(String withEpoch, long withOffset) throws Exception {
    client = new GatewayClient(port, "/ws?client_id=" + name);
    ObjectNode payload =
        object().put("token", token(name)).put("client_id", name).put("session_id", session);
    payload
        .putArray("positions")
        .addObject()
        .put("channel", "team:" + channel)
        .put("epoch", withEpoch)
        .put("offset", withOffset);
    client.command("connection.reconnect", payload);
    JsonNode ack = client.next("connection.ack").get("payload");
    session = ack.get("session_id").asText();
    return ack;
  }

  /// The next event of the channel is the one after the last.
  void hears(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      JsonNode event = client.next("app.note");
      assertThat(event.get("offset").asLong()).isEqualTo(++offset);
    }
  }

  /// What an answer says of a channel.
  static JsonNode of(JsonNode ack, String channel) {
    for (JsonNode one : ack.path("channels")) {
      if (one.get("channel").equals(team(channel))) {
        return one;
      }
    }
    throw new AssertionError("nothing about " + channel + ": " + ack);
  }

  /// Publishes notes as a back end does; gives the offset of the last.
  static long publish(int port, String channel, int count) throws Exception {
    JsonNode answer = object();
    for (int i = 0; i < count; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + port + "/v1/channels/team/" + channel + "/events"))
              .header("content-type", "application/json")
              .header("authorization", "Bearer " + token("back-end"))
              .POST(
                  BodyPublishers.ofString("{\"type\":\"app.note\",\"payload\":{\"n\":" + i + "}}"))
              .build();
      answer = ApiContract.parse(HTTP.send(request, BodyHandlers.ofString()).body());
      assertThat(answer.has("offset")).as("%s", answer).isTrue();
    }
    return answer.path("offset").asLong();
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.EdgeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A server whose every message on the gateway is held against `/asyncapi.json`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayTalk {
  /// The schemas of what the server says, by its type.
  static final Map<String, String> SCHEMAS =
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
  TestServer server;
  ApiContract contract;

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

  final GatewayClient init(String subject) throws InterruptedException {
    GatewayClient client = GatewayClient.init(server.port(), subject, subject + "-1");
    checked(client.next("connection.ack"));
    return client;
  }

  final JsonNode checked(JsonNode message) {
    String schema = SCHEMAS.get(message.path("type").asText());
    assertThat(schema).as("%s", message).isNotNull();
    contract.validate(contract.schema(String.valueOf(schema)), message);
    return message;
  }

  static ObjectNode channels(Object... names) {
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
}

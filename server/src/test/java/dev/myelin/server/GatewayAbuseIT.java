package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/// Messages that are meant to hurt, readers that stop, and eyes on what is nobody's business.
class GatewayAbuseIT extends GatewayUnderAttack {
  @Test
  void takesMessagesInFramesOfOneByte() throws Exception {
    RawSocket socket = socket();
    assertThat(socket.upgradeAt("/ws?client_id=e", bearer("e", "small")))
        .startsWith("HTTP/1.1 101 ");
    String ping = "{\"type\":\"ping\",\"filler\":\"" + "x".repeat(20_000) + "\"}";
    byte[] text = ping.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < text.length; i++) {
      socket.frame(
          i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION,
          i == text.length - 1,
          new byte[] {text[i]});
    }
    RawSocket.Frame frame = socket.readFrame();
    while (!frame.text().contains("\"pong\"")) {
      frame = socket.readFrame();
    }
    assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
  }

  @Test
  void doesNotInflateWhatIsTooLarge() throws Exception {
    byte[] bomb = bomb(256 << 20);
    assertThat(bomb.length).isLessThan(1 << 20);
    for (int i = 0; i < 3; i++) {
      RawSocket socket = socket();
      assertThat(
              socket.upgradeAt(
                  "/ws?client_id=f" + i,
                  bearer("f", "bomb"),
                  "Sec-WebSocket-Extensions: permessage-deflate"))
          .containsIgnoringCase("permessage-deflate");
      socket.frame(RawSocket.TEXT | RawSocket.COMPRESSED, true, bomb);
      RawSocket.Frame frame = socket.readFrame();
      while (frame.opcode() != RawSocket.CLOSE) {
        frame = socket.readFrame();
      }
      assertThat(frame.closeCode()).isEqualTo(1009);
    }
  }

  private static byte[] bomb(int bytes) {
    try (Deflater deflater = new Deflater(9, true)) {
      byte[] piece = new byte[1 << 20];
      Arrays.fill(piece, (byte) ' ');
      byte[] out = new byte[1 << 20];
      int length = 0;
      for (int i = 0; i < bytes; i += piece.length) {
        deflater.setInput(piece);
        int flush = i + piece.length < bytes ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
        length += deflater.deflate(out, length, out.length - length, flush);
      }
      return Arrays.copyOf(out, length - 4);
    }
  }

  @Test
  void letsGoOfAReaderThatStopsAndTakesItBack() throws Exception {
    RawSocket stuck = socket(4_096);
    stuck.upgradeAt("/ws?client_id=stuck", bearer("stuck", "honest"));
    stuck.frame(
        RawSocket.TEXT,
        true,
        "{\"id\":\"i\",\"type\":\"connection.init\",\"payload\":{\"client_id\":\"stuck\"}}"
            .getBytes(StandardCharsets.UTF_8));
    stuck.frame(
        RawSocket.TEXT,
        true,
        "{\"id\":\"s\",\"type\":\"channel.subscribe\",\"payload\":{\"channels\":[\"team:square\"]}}"
            .getBytes(StandardCharsets.UTF_8));
    JsonNode ack = text(stuck, "connection.ack");
    JsonNode joined = text(stuck, "channel.subscribed");

    // What it does not read fills what the kernel keeps for it, then what it may have unsent.
    int burst = 500;
    int most = 20_000;
    int published = 0;
    while (connections() > 1 && published < most) {
      publish("honest", "square", burst);
      heard(burst);
      published += burst;
    }
    assertThat(connections()).isEqualTo(1);

    GatewayClient again = new GatewayClient(server.port(), "/ws?client_id=stuck");
    again.command(
        "connection.reconnect",
        object()
            .put("token", token("stuck", "honest", Instant.now().plusSeconds(300), "*"))
            .put("client_id", "stuck")
            .put("session_id", ack.at("/payload/session_id").asText())
            .set(
                "positions",
                ApiContract.JSON
                    .createArrayNode()
                    .add(
                        object()
                            .put("channel", "team:square")
                            .put("epoch", joined.at("/payload/epoch").asText())
                            .put("offset", joined.at("/payload/offset").asLong()))));
    JsonNode back = again.next("connection.ack").get("payload");
    assertThat(back.get("status").asText()).isEqualTo("resumed");
    again.close(1000);
  }

  @Test
  void warnsAReaderThatIsSlowThenClosesIt() throws Exception {
    RawSocket slow = socket(4_096);
    slow.upgradeAt("/ws?client_id=slow", bearer("slow", "honest"));
    slow.frame(
        RawSocket.TEXT,
        true,
        "{\"id\":\"i\",\"type\":\"connection.init\",\"payload\":{\"client_id\":\"slow\"}}"
            .getBytes(StandardCharsets.UTF_8));
    slow.frame(
        RawSocket.TEXT,
        true,
        "{\"id\":\"s\",\"type\":\"channel.subscribe\",\"payload\":{\"channels\":[\"team:square\"]}}"
            .getBytes(StandardCharsets.UTF_8));
    text(slow, "channel.subscribed");

    publishUntilSlow(slowErrors() + 1);
    JsonNode error = slowError(slow);
    assertThat(error.get("fatal").asBoolean()).isFalse();
    publishUntilSlow(slowErrors() + 2);
    while (!error.get("fatal").asBoolean()) {
      error = slowError(slow);
    }

    RawSocket.Frame frame = slow.readFrame();
    assertThat(frame.opcode()).isEqualTo(RawSocket.CLOSE);
    assertThat(frame.closeCode()).isEqualTo(4012);
  }

  private double slowErrors() throws Exception {
    return metric("myelin_gateway_errors_total", "code=\"slow_consumer\"");
  }

  /// What is not read fills what the kernel keeps for it, then what may wait. A burst is less than
  /// lies between the warning and the end.
  private void publishUntilSlow(double errors) throws Exception {
    int burst = 10;
    while (slowErrors() < errors) {
      publish("honest", "square", burst, 40_000);
      heard(burst);
    }
  }

  private static JsonNode slowError(RawSocket socket) throws IOException {
    while (true) {
      RawSocket.Frame frame = socket.readFrame();
      if (frame.opcode() == RawSocket.TEXT) {
        JsonNode payload = ApiContract.parse(frame.text()).path("payload");
        if (payload.path("name").asText().equals("SLOW_CONSUMER")) {
          assertThat(payload.get("code").asInt()).isEqualTo(4012);
          return payload;
        }
      }
    }
  }

  private static JsonNode text(RawSocket socket, String type) throws IOException {
    while (true) {
      RawSocket.Frame frame = socket.readFrame();
      if (frame.opcode() == RawSocket.TEXT) {
        JsonNode message = ApiContract.parse(frame.text());
        if (message.path("type").asText().equals(type)
            && !message.at("/payload/channel/type").asText().equals("user")) {
          return message;
        }
      }
    }
  }

  // ---- what is nobody's business

  @Test
  void refusesForeignPages() throws Exception {
    assertThat(
            socket().upgradeAt("/ws", bearer("g", "honest"), "Origin: https://elsewhere.example"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void showsNoDifferenceBetweenWhatIsHiddenAndWhatIsNot() throws Exception {
    publish("secret", "plans", 1);
    GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=spy");
    String narrow = token("spy", "secret", Instant.now().plusSeconds(300), "team:own:*");
    client.command("connection.init", object().put("token", narrow).put("client_id", "spy"));
    client.next("connection.ack");

    JsonNode hidden = refusal(client, "plans");
    JsonNode absent = refusal(client, "nevers");

    assertThat(hidden.toString().replace("plans", "nevers")).isEqualTo(absent.toString());
    assertThat(hidden.get("code").asInt()).isEqualTo(4006);
    client.close(1000);
  }

  private static JsonNode refusal(GatewayClient client, String id) throws Exception {
    var payload = object();
    payload.putArray("channels").add(team(id));
    client.command("s-" + id, "channel.subscribe", payload);
    JsonNode error = client.next("error").get("payload");
    client.reply("s-" + id);
    return error;
  }

  @Test
  void logsNoTokens() throws Exception {
    String token = token("logged", "logged", Instant.now().plusSeconds(300), "*");
    String bad = token.substring(0, token.length() - 4) + "AAAA";
    socket().upgradeAt("/ws?client_id=l1&token=" + token);
    socket().upgradeAt("/ws?client_id=l2&token=" + bad);
    socket().upgradeAt("/ws?client_id=l3", "Authorization: Bearer " + bad);
    GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=l4");
    client.command("connection.init", object().put("token", bad).put("client_id", "l4"));
    assertThat(client.closed().get("code").asInt()).isEqualTo(4001);

    String signature = token.substring(token.lastIndexOf('.') + 1, token.length() - 4);
    String claims = token.split("\\.", -1)[1];
    assertThat(log).isNotEmpty();
    assertThat(log).noneMatch(line -> line.contains(signature) || line.contains(claims));
  }
}

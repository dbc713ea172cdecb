package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that do what they should not: the server stays up, bounded and clear.
class MisbehavingClientsIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // every test begins with start()
  private TestServer server;

  private TestServer start() {
    return start(UnaryOperator.identity());
  }

  private TestServer start(UnaryOperator<SocketOptions> change) {
    server =
        TestServer.open(
            folder,
            config ->
                config.withEdge(config.edge().withSockets(change.apply(config.edge().sockets()))));
    return server;
  }

  @AfterEach
  void theServerIsStillThereAndLeavesNothingBehind() throws Exception {
    try (TestServer checked = server) {
      try (StreamClient client = checked.session("after-all")) {
        client.send(client.observation(1, "after-all"));
        assertThat(client.next("ack").get("status").asText()).isEqualTo("accepted");
      }
      Eventually.until("no WebSocket is left", () -> checked.server().webSockets() == 0);
    }
  }

  @Test
  void answersAMessageThatIsTooLargeByNamingTheLimitAndCloses() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      byte[] header = client.socket().encode(RawSocket.TEXT, true, new byte[5 << 20], true);
      client.socket().send(header);

      assertTooLarge(client);
    }
  }

  @Test
  void countsAllFramesOfAMessage() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      client.socket().frame(RawSocket.TEXT, false, spaces(3 << 20));
      client.socket().frame(RawSocket.CONTINUATION, false, spaces(1 << 19));
      client.socket().frame(RawSocket.CONTINUATION, true, spaces(1 << 20));

      assertTooLarge(client);
    }
  }

  private static void assertTooLarge(StreamClient client) throws IOException {
    JsonNode error = client.next("error");
    assertThat(error.get("code").asText()).isEqualTo("message_too_large");
    assertThat(error.get("message").asText()).contains("4194304 bytes");
    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void takesAMessageInManyFramesWithPingsBetween() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      byte[] text = client.observation(1, "in-parts").toString().getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < text.length; i++) {
        client
            .socket()
            .frame(
                i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION,
                i == text.length - 1,
                new byte[] {text[i]});
        if (i == 10) {
          client.socket().frame(RawSocket.PING, true, new byte[] {1, 2, 3});
        }
      }

      RawSocket.Frame pong = client.socket().readFrame();
      assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(pong.payload()).containsExactly(1, 2, 3);
      assertThat(client.next("ack").get("memory_id").asText()).isEqualTo("in-parts");
    }
  }

  @Test
  void closesOnAFrameThatIsNotMasked() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      byte[] text = "{\"type\":\"init\"}".getBytes(StandardCharsets.UTF_8);
      client.socket().send(client.socket().encode(RawSocket.TEXT, true, text, false));

      assertThat(client.next("error").get("message").asText()).contains("mask");
      assertThat(client.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void closesOnReservedBitsAndOpcodesAndLongControlFrames() throws Exception {
    start();
    for (byte[] frame :
        List.of(
            new byte[] {(byte) 0xc1, (byte) 0x80, 0, 0, 0, 0},
            new byte[] {(byte) 0x83, (byte) 0x80, 0, 0, 0, 0},
            new byte[] {(byte) 0x80, (byte) 0x80, 0, 0, 0, 0},
            new byte[] {(byte) 0x89, (byte) 0xfe, 0, (byte) 200, 0, 0, 0, 0})) {
      try (StreamClient client = server.session("some-space")) {
        client.socket().send(frame);
        assertThat(client.next("error").get("message").asText()).startsWith("Invalid frame: ");
        assertThat(client.closeCode()).isEqualTo(1002);
      }
    }
  }

  @Test
  void saysThatTextIsNotUtf8AndCloses() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      client.socket().frame(RawSocket.TEXT, true, new byte[] {'{', '"', (byte) 0xc3, '"', '}'});

      assertThat(client.next("error").get("message").asText())
          .startsWith("Invalid JSON: it is not UTF-8 at byte 2 of 5");
      assertThat(client.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void rejectsWhatCannotBeRememberedAndGoesOn() throws Exception {
    start();
    try (StreamClient client = server.session("some-space")) {
      send(client, 1, "first", "[1,2,3]");
      assertThat(client.next("ack").get("status").asText()).isEqualTo("accepted");

      send(client, 2, "other-dimension", "[1,2]");
      assertRejected(client, 2, "dimension_mismatch", "3", "2");
      send(client, 3, "zero", "[0,0,0]");
      assertRejected(client, 3, "invalid_embedding", "all values are zero");
      send(client, 4, "infinite", "[1,2,1e99]");
      assertRejected(client, 4, "invalid_embedding", "value 2 is Infinity");
      client.send(client.observation(5, "x".repeat(10_000)));
      assertRejected(client, 5, "invalid_episode", "512 bytes", "10000 characters");
      client.send(
          "{\"type\":\"observation\",\"sequence_number\":6,\"episode\":{\"embedding\":[1,NaN,3]}}");
      assertThat(client.next("error").get("message").asText()).startsWith("Invalid JSON");
      client.send("{\"x\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}");
      assertThat(client.next("error").get("message").asText()).contains("nested deeper");

      send(client, 6, "last", "[3,2,1]");
      assertThat(client.next("ack").get("status").asText()).isEqualTo("accepted");
    }
  }

  private static void send(StreamClient client, int sequence, String id, String embedding)
      throws IOException {
    client.send(
        "{\"type\":\"observation\",\"session_id\":\""
            + client.session()
            + "\",\"sequence_number\":"
            + sequence
            + ",\"episode\":{\"id\":\""
            + id
            + "\",\"what\":\"x\",\"embedding\":"
            + embedding
            + "}}");
  }

  private static void assertRejected(
      StreamClient client, int sequence, String code, String... parts) throws IOException {
    JsonNode ack = client.next("ack");
    assertThat(ack.get("status").asText()).isEqualTo("rejected");
    assertThat(ack.get("sequence_number").asInt()).isEqualTo(sequence);
    assertThat(ack.get("code").asText()).isEqualTo(code);
    assertThat(ack.get("reason").asText()).contains(parts);
  }

  @Test
  void stopsReadingAClientThatDoesNotReadAndEndsItInTheEnd() throws Exception {
    Duration patience = Duration.ofSeconds(2);
    start(_ -> TestServer.sockets(LONG, LONG, LONG.multipliedBy(2), patience));
    try (RawSocket socket = new RawSocket(server.port(), 4_096)) {
      socket.upgrade();
      socket.frame(
          RawSocket.TEXT,
          true,
          "{\"type\":\"init\",\"memory_space_id\":\"some-space\"}"
              .getBytes(StandardCharsets.UTF_8));
      byte[] request =
          ("{\"type\":\"recall\",\"request_id\":\"" + "r".repeat(200) + "\",\"cue\":{}}")
              .getBytes(StandardCharsets.UTF_8);
      byte[] frame = socket.encode(RawSocket.TEXT, true, request, true);
      long sent = sendUntilCut(socket, frame, 64L << 20);

      assertThat(sent).as("bytes taken from a client that does not read").isLessThan(64L << 20);
    }
    Eventually.until("the slow client is gone", () -> server.server().webSockets() == 0);
  }

  /// Sends the same frame again and again until the server ends the connection.
  private static long sendUntilCut(RawSocket socket, byte[] frame, long atMost) {
    long sent = 0;
    try {
      while (sent < atMost) {
        socket.send(frame);
        sent += frame.length;
      }
    } catch (IOException _) {
      return sent;
    }
    return sent;
  }

  @Test
  void holdsASenderThatIgnoresItsBufferWithoutLosingAnything() throws Exception {
    start();
    int many = 5_000;
    try (StreamClient client = server.stream()) {
      ObjectNode init = StreamClient.message("init").put("memory_space_id", "some-space");
      client.init(init.put("client_buffer_size", 10));
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 1; i <= many; i++) {
                    client.send(client.observation(i, "episode-" + i));
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 1; i <= many; i++) {
        assertThat(client.next("ack").get("sequence_number").asInt()).isEqualTo(i);
      }
      sender.join();
    }
  }

  @Test
  void endsConnectionsThatNeverSayWhatTheyWant() throws Exception {
    server =
        TestServer.open(
            folder, config -> config.withEdge(config.edge().withConnections(100, SHORT, LONG)));
    List<RawSocket> silent = new ArrayList<>();
    for (String start :
        List.of("", "GET /v1/stream HT", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HT")) {
      RawSocket socket = new RawSocket(server.port());
      socket.send(start);
      silent.add(socket);
    }
    for (RawSocket socket : silent) {
      assertThat(socket.endsSoon()).isTrue();
      socket.close();
    }
    Eventually.until("no connection is left", () -> server.server().connections() == 0);
  }

  @Test
  void endsAConnectionThatDribblesItsHead() throws Exception {
    server =
        TestServer.open(
            folder,
            config ->
                config.withEdge(config.edge().withConnections(100, Duration.ofSeconds(1), LONG)));
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send("GET / HTTP/1.1\r\n");
      long sent = sendUntilCut(socket, "X-Slow: 1\r\n".getBytes(StandardCharsets.UTF_8), 1 << 20);
      assertThat(sent).isLessThan(1 << 20);
    }
  }

  @Test
  void endsAnIdleKeepAliveConnection() throws Exception {
    server =
        TestServer.open(
            folder, config -> config.withEdge(config.edge().withConnections(100, SHORT, SHORT)));
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      assertThat(socket.head()).startsWith("HTTP/1.1 200 ");
      assertThat(socket.endsSoon()).isTrue();
    }
  }

  @Test
  void closesAWebSocketThatNeverOpensASession() throws Exception {
    start(_ -> TestServer.sockets(LONG, SHORT, LONG.multipliedBy(2), LONG));
    try (StreamClient client = server.stream()) {
      assertThat(client.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void closesAWebSocketThatAnswersNoPings() throws Exception {
    start(_ -> TestServer.sockets(SHORT, LONG, SHORT.multipliedBy(3), LONG));
    try (StreamClient client = server.session("some-space")) {
      RawSocket.Frame frame = client.socket().readFrame();
      int pings = 0;
      while (frame.opcode() != RawSocket.CLOSE) {
        pings += frame.opcode() == RawSocket.PING ? 1 : 0;
        frame = client.socket().readFrame();
      }
      assertThat(pings).isPositive();
      assertThat(frame.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void turnsAwayConnectionsBeyondTheLimitAndSaysWhy() throws Exception {
    server =
        TestServer.open(
            folder, config -> config.withEdge(config.edge().withConnections(3, LONG, LONG)));
    List<StreamClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(server.session("some-space"));
    }
    try (RawSocket fourth = new RawSocket(server.port())) {
      String head = fourth.upgrade();
      assertThat(head).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after:");
    }
    for (StreamClient client : clients) {
      client.send(client.observation(1, "still-served"));
      assertThat(client.next("ack").get("status").asText()).isEqualTo("accepted");
      client.close();
    }
    Eventually.until("there is room again", () -> server.server().connections() == 0);
  }

  private static byte[] spaces(int count) {
    return " ".repeat(count).getBytes(StandardCharsets.UTF_8);
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients of the gateway that mean harm or are badly made. In each test an honest client of the
/// same server is served as before, and the server's memory stays far below what it may have.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GatewayAbuseIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PER_CLIENT = 5;
  private static final int PER_TENANT = 20;
  private static final int PER_PROCESS = 50;
  private static final int FLOOD = 80;

  /// Generous: of 512 MiB that the process may have.
  private static final double MOST_HEAP = 400e6;

  @TempDir private static Path folder;

  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ServerProcess server;
  private GatewayClient honest;
  private int told;

  @BeforeAll
  void start() throws Exception {
    server =
        ServerProcess.start(
            folder,
            Map.ofEntries(
                Map.entry("MYELIN_EMBEDDING_PROVIDER", "none"),
                Map.entry("MYELIN_AUTH_JWT_SECRET", String.valueOf(GatewayClient.TOKENS.secret())),
                Map.entry("MYELIN_LOG_LEVEL", "debug"),
                Map.entry("MYELIN_SERVER_REQUEST_TIMEOUT", "2s"),
                Map.entry("MYELIN_GATEWAY_MAX_CONNECTIONS_PER_CLIENT", "" + PER_CLIENT),
                Map.entry("MYELIN_GATEWAY_MAX_CONNECTIONS_PER_TENANT", "" + PER_TENANT),
                Map.entry("MYELIN_GATEWAY_MAX_CONNECTIONS", "" + PER_PROCESS),
                Map.entry("MYELIN_GATEWAY_RATE_CONNECT", "off"),
                Map.entry("MYELIN_GATEWAY_RATE_CONNECT_ADDRESS", "off")),
            log::add);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void theHonestOneComes() throws Exception {
    Eventually.until("those of the last test are gone", () -> connections() == 0);
    honest = new GatewayClient(server.port(), "/ws?client_id=honest");
    String token = token("honest", "honest", Instant.now().plusSeconds(300), "*");
    honest.command("connection.init", object().put("token", token).put("client_id", "honest"));
    honest.next("connection.ack");
    told = honest.subscribe(team("square")).get("offset").asInt();
  }

  @AfterEach
  void theHonestOneNoticedNothing() throws Exception {
    try {
      publish("honest", "square", 10);
      heard(10);
      assertThat(heapUsed()).isLessThan(MOST_HEAP);
    } finally {
      for (AutoCloseable one : open) {
        one.close();
      }
      open.clear();
      honest.close();
    }
  }

  private void heard(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(honest.next("app.note").get("offset").asInt()).isEqualTo(++told);
    }
  }

  private void publish(String tenant, String channel, int count) throws Exception {
    String token = token("back-end", tenant, Instant.now().plusSeconds(300), "*");
    String text = "x".repeat(1_000);
    for (int i = 0; i < count; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(uri("/v1/channels/team/" + channel + "/events"))
              .header("content-type", "application/json")
              .header("authorization", "Bearer " + token)
              .POST(
                  BodyPublishers.ofString(
                      "{\"type\":\"app.note\",\"payload\":{\"text\":\"" + text + "\"}}"))
              .build();
      assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private double metric(String name, String label) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/metrics")).build();
    return HTTP.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private double heapUsed() throws Exception {
    return metric("jvm_memory_used_bytes", "area=\"heap\"");
  }

  private int connections() {
    try {
      return (int) metric("myelin_gateway_connections", "");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private RawSocket socket() throws IOException {
    return socket(0);
  }

  private RawSocket socket(int receiveBuffer) throws IOException {
    RawSocket socket = new RawSocket(server.port(), receiveBuffer);
    open.add(socket);
    return socket;
  }

  private static String bearer(String subject, String tenant) {
    String token = token(subject, tenant, Instant.now().plusSeconds(300), "*");
    return "Authorization: Bearer " + token;
  }

  // ---- floods

  /// The status of each of many handshakes at once; those that are let in stay.
  private List<String> flood(int count, Handshake handshake) throws Exception {
    List<Callable<String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      RawSocket socket = socket();
      all.add(() -> handshake.of(socket, number));
    }
    List<String> heads = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> one : threads.invokeAll(all)) {
        heads.add(one.get());
      }
    }
    return heads;
  }

  private interface Handshake {
    String of(RawSocket socket, int number) throws IOException;
  }

  private static void assertLetIn(List<String> heads, int count, int refusal) {
    List<String> refused =
        heads.stream().filter(head -> !head.startsWith("HTTP/1.1 101 ")).toList();
    assertThat(heads.size() - refused.size()).isEqualTo(count);
    assertThat(refused)
        .allSatisfy(head ->
            assertThat(head)
                .startsWith("HTTP/1.1 " + refusal + " ")
                .containsIgnoringCase("retry-after: "));
  }

  @Test
  void boundsTheConnectionsOfOneClient() throws Exception {
    List<String> heads =
        flood(FLOOD, (socket, _) -> socket.upgradeAt("/ws?client_id=a", bearer("a", "flood")));

    assertLetIn(heads, PER_CLIENT, 429);
  }

  @Test
  void boundsTheConnectionsOfOneTenant() throws Exception {
    List<String> heads =
        flood(
            FLOOD,
            (socket, number) ->
                socket.upgradeAt("/ws?client_id=b" + number, bearer("b" + number, "flood")));

    assertLetIn(heads, PER_TENANT, 503);
  }

  @Test
  void boundsTheConnectionsOfAll() throws Exception {
    List<String> heads =
        flood(
            FLOOD,
            (socket, number) ->
                socket.upgradeAt("/ws?client_id=c" + number, bearer("c", "flood-" + number)));

    assertLetIn(heads, PER_PROCESS - 1, 503);
  }

  @Test
  void givesAPlaceBackWithTheConnection() throws Exception {
    List<String> heads =
        flood(FLOOD, (socket, _) -> socket.upgradeAt("/ws?client_id=d", bearer("d", "flood")));
    assertLetIn(heads, PER_CLIENT, 429);
    for (AutoCloseable one : open) {
      one.close();
    }
    Eventually.until("they are gone", () -> connections() == 1);

    assertThat(socket().upgradeAt("/ws?client_id=d", bearer("d", "flood")))
        .startsWith("HTTP/1.1 101 ");
  }

  // ---- slow, small and large

  @Test
  void endsHandshakesThatNeverEnd() throws Exception {
    byte[] request =
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: web".getBytes(StandardCharsets.UTF_8);
    List<RawSocket> slow = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      slow.add(socket());
    }
    for (byte one : request) {
      for (RawSocket socket : slow) {
        socket.send(new byte[] {one});
      }
    }
    for (RawSocket socket : slow) {
      assertThat(socket.endsSoon()).isTrue();
    }
  }

  @Test
  void endsHandshakesThatTrickleInForEver() throws Exception {
    RawSocket socket = socket();
    Eventually.until(
        "the server has had enough",
        () -> {
          try {
            socket.send("G");
            return false;
          } catch (IOException e) {
            return true;
          }
        });
  }

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

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server with clients of the gateway that mean harm or are badly made. In each test an honest
/// client of the same server is served as before, and the server's memory stays far below what it
/// may have.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class GatewayUnderAttack {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  static final int PER_CLIENT = 5;
  static final int PER_TENANT = 20;
  static final int PER_PROCESS = 50;

  /// Generous: of 512 MiB that the process may have.
  private static final double MOST_HEAP = 400e6;

  @TempDir private static Path folder;

  final Queue<String> log = new ConcurrentLinkedQueue<>();
  final List<AutoCloseable> open = new ArrayList<>();
  ServerProcess server;
  private GatewayClient honest;
  int told;

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
                Map.entry("MYELIN_GATEWAY_RATE_OTHER", "off"),
                Map.entry("MYELIN_SOCKET_WRITE_TIMEOUT", "120s"),
                Map.entry("MYELIN_SOCKET_CLOSE_TIMEOUT", "15s"),
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

  final void heard(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(honest.next("app.note").get("offset").asInt()).isEqualTo(++told);
    }
  }

  final void publish(String tenant, String channel, int count) throws Exception {
    publish(tenant, channel, count, 1_000);
  }

  final void publish(String tenant, String channel, int count, int characters) throws Exception {
    String token = token("back-end", tenant, Instant.now().plusSeconds(300), "*");
    String text = "x".repeat(characters);
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

  final double metric(String name, String label) throws Exception {
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

  final int connections() {
    try {
      return (int) metric("myelin_gateway_connections", "");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  final RawSocket socket() throws IOException {
    return socket(0);
  }

  final RawSocket socket(int receiveBuffer) throws IOException {
    RawSocket socket = new RawSocket(server.port(), receiveBuffer);
    open.add(socket);
    return socket;
  }

  static String bearer(String subject, String tenant) {
    String token = token(subject, tenant, Instant.now().plusSeconds(300), "*");
    return "Authorization: Bearer " + token;
  }
}

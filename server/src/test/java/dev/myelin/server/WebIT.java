package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server tells over plain HTTP.
class WebIT {
  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.open(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/ready", "/health/live", "/health/alive"})
  void isHealthy(String path) throws Exception {
    HttpResponse<String> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"ready\"}");
  }

  @Test
  void servesThePageWithAPolicyThatLoadsNothingFromElsewhere() throws Exception {
    HttpResponse<String> response = server.get("/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'");
    assertThat(response.body()).contains("<html");
    assertThat(server.get("/client/index.js").headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/../logs-all.xml",
        "/logs-all.xml",
        "/%2e%2e/logs-all.xml",
        "/client/",
        "/client",
        "/client/../index.html",
        "/index.html/",
        "/health/other",
        "//index.html"
      })
  void hasNothingElse(String path) throws Exception {
    HttpResponse<String> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("\"code\":\"not_found\"");
  }

  @Test
  void tellsClientsOfTheApiInProblemDocuments() throws Exception {
    HttpResponse<String> response = server.get("/v1/unknown");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(response.body()).contains("\"error_type\":\"NotFoundError\"");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /health/live, 200",
    "POST, /, 404",
    "PUT, /v1/spaces, 404",
    "GET, /v1/stream, 426"
  })
  void answersOtherMethods(String method, String path, int status) throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
      assertThat(socket.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Sec-WebSocket-Version: 8   | Sec-WebSocket-Version: 13  | 426
          dGhlIHNhbXBsZSBub25jZQ==   | c2hvcnQ=                   | 400
          keep-alive, Upgrade        | keep-alive                 | 400
          GET /v1/stream             | POST /v1/stream            | 400
          """)
  void refusesHandshakesThatAreNone(String one, String other, int status) throws Exception {
    String handshake =
        """
        GET /v1/stream HTTP/1.1\r
        Host: localhost\r
        Connection: keep-alive, Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """;
    String changed =
        handshake.contains(one) ? handshake.replace(one, other) : handshake.replace(other, one);
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(changed);
      assertThat(socket.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void computesTheAcceptingKeyOfTheStandard() throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgrade())
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @Test
  void listsTheSpaces() throws Exception {
    assertThat(server.get("/v1/spaces").body()).isEqualTo("{\"spaces\":[]}");
    try (StreamClient client = server.session("some-space")) {
      client.send(client.observation(1, "first"));
      client.next("ack");
    }

    JsonNode list = new ObjectMapper().readTree(server.get("/v1/spaces").body()).get("spaces");
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("id").asText()).isEqualTo("some-space");
    assertThat(list.get(0).get("memories").asInt()).isEqualTo(1);
    JsonNode one = new ObjectMapper().readTree(server.get("/v1/spaces/some-space").body());
    assertThat(one).isEqualTo(list.get(0));
    assertThat(server.get("/v1/spaces/absent-space").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/spaces/NO").statusCode()).isEqualTo(400);
  }

  @Test
  void tellsPrometheusWhatItCounts() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      client.send(client.observation(1, "first"));
      client.next("ack");
      client.send("{\"type\":\"recall\",\"cue\":{\"text\":\"first\"}}");
      client.next("recall_result");

      HttpResponse<String> response = server.get("/metrics");
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(response.body())
          .contains(
              "myelin_stream_sessions 1.0",
              "myelin_edge_websockets 1.0",
              "myelin_edge_connections",
              "jvm_memory_used_bytes",
              "process_uptime_seconds");
      assertThat(response.body()).contains("_bucket{");
    }
  }
}

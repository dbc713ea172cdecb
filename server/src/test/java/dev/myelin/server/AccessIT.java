package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.edge.auth.AccessControl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, and what they are told who do not.
class AccessIT {
  private static final String KEY = "correct-horse-battery-staple";

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    server =
        TestServer.open(
            folder,
            config ->
                config.withEdge(
                    config.edge().withAccess(new Access(KEY, List.of("https://app.example.com")))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer " + KEY,
        "authorization: bearer " + KEY,
        "X-API-Key: " + KEY,
        "Sec-WebSocket-Protocol: myelin.v1, myelin.key.Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZQ"
      })
  void acceptsTheKeyInEveryForm(String header) throws Exception {
    try (StreamClient client = StreamClient.open(server.port(), header)) {
      assertThat(client.init("some-space").get("session_id").asText()).isNotEmpty();
    }
  }

  @Test
  void choosesItsOwnSubprotocolAndNeverTheKey() throws Exception {
    String key =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
    try (RawSocket socket = new RawSocket(server.port())) {
      String head =
          socket.upgrade(
              "Sec-WebSocket-Protocol: "
                  + AccessControl.PROTOCOL
                  + ", "
                  + AccessControl.KEY_PROTOCOL
                  + key);
      assertThat(head)
          .startsWith("HTTP/1.1 101 ")
          .contains(AccessControl.PROTOCOL)
          .doesNotContain(key);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Nothing: 1",
        "Authorization: Bearer wrong",
        "Authorization: Basic " + KEY,
        "Authorization: Bearer",
        "X-API-Key: " + KEY + "x",
        "X-API-Key: ",
        "Sec-WebSocket-Protocol: myelin.key.!!!",
        "Sec-WebSocket-Protocol: myelin.key.d3Jvbmc"
      })
  void refusesEverythingElseBeforeTheUpgrade(String header) throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      assertThat(socket.upgrade(header))
          .startsWith("HTTP/1.1 401 ")
          .containsIgnoringCase("www-authenticate: Bearer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live, 200",
    "/health/ready, 200",
    "/metrics, 200",
    "/, 200",
    "/v1/spaces, 401",
    "/v1/spaces/default, 401",
    "/v1/anything, 401"
  })
  void asksForTheKeyWhereDataIs(String path, int status) throws Exception {
    assertThat(server.get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void saysHowToShowTheKey() throws Exception {
    assertThat(server.get("/v1/spaces").body())
        .contains("\"code\":\"unauthenticated\"", "Authorization: Bearer KEY")
        .doesNotContain(KEY);
    assertThat(server.get("/v1/spaces", "x-api-key", KEY).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com, 101",
    "HTTPS://APP.example.com, 101",
    "http://app.example.com, 403",
    "https://app.example.com:444, 403",
    "https://evil.example.com, 403",
    "null, 403",
    "file://, 403"
  })
  void letsOnlyListedPagesIn(String origin, int status) throws Exception {
    assertThat(statusOf("Origin: " + origin, "X-API-Key: " + KEY)).isEqualTo(status);
  }

  @Test
  void letsItsOwnPageIn() throws Exception {
    // The raw client names 127.0.0.1 as its host.
    assertThat(statusOf("Origin: http://127.0.0.1", "X-API-Key: " + KEY)).isEqualTo(101);
    assertThat(statusOf("Origin: http://127.0.0.1:1234", "X-API-Key: " + KEY)).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, 200",
    "127.0.0.1, 200",
    "[::1]:8080, 200",
    "myelin.localhost, 200",
    "app.example.com, 200",
    "evil.example.com:8080, 403"
  })
  void goesByNamesOfThisMachineOnly(String host, int status) throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          "GET /v1/spaces HTTP/1.1\r\nHost: " + host + "\r\nX-API-Key: " + KEY + "\r\n\r\n");
      assertThat(socket.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void answersAPreflightOfAListedPage() throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          """
          OPTIONS /v1/spaces HTTP/1.1\r
          Host: localhost\r
          Origin: https://app.example.com\r
          Access-Control-Request-Method: GET\r
          \r
          """);
      assertThat(socket.head())
          .startsWith("HTTP/1.1 204 ")
          .containsIgnoringCase("access-control-allow-origin: https://app.example.com")
          .containsIgnoringCase("x-api-key");
    }
  }

  @Test
  void tellsGrpcClientsInTheirOwnWay() throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.send(
          """
          POST /engram.v1.EngramService/Remember HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/grpc-web\r
          Content-Length: 0\r
          \r
          """);
      assertThat(socket.head())
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("grpc-status: 16")
          .containsIgnoringCase("grpc-message: No API key");
    }
  }

  private int statusOf(String... headers) throws Exception {
    try (RawSocket socket = new RawSocket(server.port())) {
      return Integer.parseInt(socket.upgrade(headers).split(" ", 3)[1]);
    }
  }
}

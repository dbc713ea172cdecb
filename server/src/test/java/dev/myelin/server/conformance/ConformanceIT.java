package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case on every WebSocket of one running server; `target/conformance.txt` lists how each
/// went.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ConformanceIT {
  private static final int MOST = 1 << 20;
  private static final String LIBRARY = "conformance";

  @TempDir private static Path folder;

  private final Report report = new Report();
  private TestServer server;

  @BeforeAll
  void start() throws Exception {
    SocketOptions usual = SocketOptions.DEFAULT;
    SocketOptions sockets =
        new SocketOptions(
            MOST,
            usual.heartbeat(),
            usual.initTimeout(),
            usual.silenceTimeout(),
            usual.writeTimeout(),
            Duration.ofMillis(50), // a client that broke the rules is not heard any more
            usual.writeBufferBytes(),
            true);
    server = TestServer.open(folder, config -> config.withEdge(config.edge().withSockets(sockets)));
    HttpRequest made =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/libraries"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString("{\"id\":\"" + LIBRARY + "\",\"name\":\"Cases\"}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(made, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
  }

  @AfterAll
  void stop() throws IOException {
    report.write(Path.of("target", "conformance.txt"));
    server.close();
  }

  static Stream<Arguments> everything() {
    List<Case> cases =
        Stream.of(
                HandshakeCases.all(),
                FramingCases.all(),
                PingCases.all(),
                ReservedCases.all(),
                FragmentCases.all(),
                Utf8Cases.all(),
                CloseCases.all(),
                LimitCases.all(MOST),
                CompressionCases.all(MOST),
                NegotiationCases.all())
            .flatMap(List::stream)
            .toList();
    return Stream.of(Surface.STREAM, Surface.library(LIBRARY), Surface.GATEWAY)
        .flatMap(surface -> cases.stream().map(one -> Arguments.of(surface.name(), one, surface)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("everything")
  void keepsTo(String ignored, Case one, Surface surface) throws Exception {
    report.began(surface, one);
    try (Peer peer = Peer.open(surface, server.port())) {
      report.ended(surface, one, one.script().run(peer));
    }
  }
}

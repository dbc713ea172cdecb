package dev.myelin.server;

import dev.myelin.edge.EdgeOptions;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.server.config.ServerConfig;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// A whole server inside the test, on a port that the system chose.
public final class TestServer implements AutoCloseable {
  public static final Duration PATIENCE = Eventually.DEADLINE;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ServerConfig config;
  private MyelinServer server;

  private TestServer(ServerConfig config) {
    this.config = config;
    this.server = MyelinServer.open(config);
  }

  public static TestServer open(Path data) {
    return open(data, UnaryOperator.identity());
  }

  /// Opens a server.
  ///
  /// @param change of a configuration that has no model and listens on this machine only
  public static TestServer open(Path data, UnaryOperator<ServerConfig> change) {
    return new TestServer(change.apply(config(data)));
  }

  public static ServerConfig config(Path data) {
    EmbeddingConfig model = EmbeddingConfig.DEFAULT;
    return ServerConfig.DEFAULT
        .withData(data)
        .withEdge(EdgeOptions.DEFAULT.at("127.0.0.1", 0))
        .withEmbedding(
            new EmbeddingConfig(
                EmbeddingConfig.Provider.NONE,
                model.model(),
                model.baseUrl(),
                "",
                0,
                "",
                "",
                model.maxCharacters(),
                1,
                model.batchSize(),
                model.maxInFlight(),
                model.timeout(),
                model.maxAttempts()));
  }

  /// The usual bounds of a socket with one other time for each.
  public static SocketOptions sockets(
      Duration heartbeat, Duration init, Duration silence, Duration write) {
    SocketOptions usual = SocketOptions.DEFAULT;
    return new SocketOptions(
        usual.maxMessageBytes(),
        heartbeat,
        init,
        silence,
        write,
        usual.closeTimeout(),
        usual.writeBufferBytes(),
        usual.compression());
  }

  public MyelinServer server() {
    return server;
  }

  public int port() {
    return server.port();
  }

  StreamClient stream() throws IOException {
    return StreamClient.open(port());
  }

  /// A stream whose session is open.
  StreamClient session(String space) throws IOException {
    StreamClient client = stream();
    client.init(space);
    return client;
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
  }

  /// Closes the server in order and opens it again on the same folder, at another port.
  void restart() {
    server.close();
    server = MyelinServer.open(config);
  }

  @Override
  public void close() {
    server.close();
  }
}

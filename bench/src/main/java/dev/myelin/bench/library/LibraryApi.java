package dev.myelin.bench.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// A server's libraries over HTTP, on connections that are kept. Any thread.
final class LibraryApi implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Target target;
  private final JsonMapper mapper = new JsonMapper();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  LibraryApi(Target target) {
    this.target = target;
  }

  void create(String id) throws IOException, InterruptedException {
    var _ = post("/v1/libraries", "{\"id\":\"" + id + "\",\"name\":\"" + id + "\"}");
  }

  /// Sends a body and waits for the answer.
  ///
  /// @throws LoadFailure if it is not 200 or 201
  JsonNode post(String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.page(path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (target.apiKey() != null) {
      request.header("Authorization", "Bearer " + target.apiKey());
    }
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    JsonNode said = mapper.readTree(answer.body());
    if (answer.statusCode() != OK && answer.statusCode() != CREATED) {
      throw new LoadFailure(
          path + " was answered with " + answer.statusCode() + ": " + said.path("detail").asText());
    }
    return said;
  }

  @Override
  public void close() {
    client.close();
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.myelin.edge.EdgeOptions.Access;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backups of a server that serves, and what they are good for.
@Timeout(240)
class BackupIT {
  private static final String KEY = "correct-horse-battery-staple";
  private static final int BEFORE = 200;
  private static final int MANY = 20_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void restoresWhatWasAcknowledgedBeforeItWasMadeWhileOthersWrite() throws Exception {
    Path made;
    try (TestServer server = TestServer.open(folder.resolve("data"))) {
      CountDownLatch half = new CountDownLatch(1);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> write(server, half), task -> Thread.ofPlatform().start(task));
      assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> answer = post(server, "{\"folder\":\"monday\"}");
      writing.join();

      assertThat(answer.statusCode()).isEqualTo(201);
      JsonNode body = new ObjectMapper().readTree(answer.body());
      made = Path.of(body.get("folder").asText());
      assertThat(made).isEqualTo(folder.resolve("data/backups/monday").toAbsolutePath());
      assertThat(body.get("bytes").asLong()).isPositive();
      assertThat(body.get("took_ms").asLong()).isNotNegative();
    }
    try (TestServer restored = TestServer.open(copy(made, folder.resolve("copy")))) {
      JsonNode space = new ObjectMapper().readTree(restored.get("/v1/spaces/some-space").body());
      assertThat(space.get("memories").asInt()).isBetween(BEFORE, MANY);
      try (StreamClient client = restored.session("some-space")) {
        client.send("{\"type\":\"recall\",\"cue\":{\"text\":\"episode-" + BEFORE + "\"}}");
        assertThat(client.next("recall_result").toString()).contains("episode-" + BEFORE);
        client.send(client.observation(1, "after-restore"));
        client.next("ack");
      }
    }
  }

  private static void write(TestServer server, CountDownLatch half) {
    try (StreamClient client = server.session("some-space")) {
      for (int i = 1; i <= MANY && !(half.getCount() == 0 && i > BEFORE * 20); i++) {
        client.send(client.observation(i, "episode-" + i));
        client.next("ack");
        if (i == BEFORE) {
          half.countDown();
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// As an operator would copy it to another machine: nothing is shared with the original.
  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(
            path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  @Test
  void leavesABackupOfThatNameAlone() throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("data"))) {
      assertThat(post(server, "{\"folder\":\"a\"}").statusCode()).isEqualTo(201);

      HttpResponse<String> second = post(server, "{\"folder\":\"a\"}");

      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("AlreadyExistsError", "Choose another name");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"folder\":\"../out\"}",
        "{\"folder\":\"..\"}",
        "{\"folder\":\"/tmp/out\"}",
        "{\"folder\":\"\"}",
        "{\"folder\":5}",
        "{\"folder\":null}",
        "{\"fodler\":\"a\"}",
        "{\"folder\":\"a\"} {}",
        "{\"folder\":\"a\"",
        "[]",
        "oops"
      })
  void refusesOtherBodies(String body) throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("data"))) {
      HttpResponse<String> refused = post(server, body);

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("InvalidRequestError", "expected: ");
      assertThat(folder.resolve("data/backups")).doesNotExist();
    }
  }

  @Test
  void refusesALongBodyAndOtherMethods() throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("data"))) {
      assertThat(post(server, "{\"folder\":\"" + "a".repeat(100_000) + "\"}").statusCode())
          .isEqualTo(413);
      assertThat(server.get("/v1/admin/backup").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theCommandPrintsWhereItIsAndWantsTheKey() throws Exception {
    try (TestServer server =
        TestServer.open(
            folder.resolve("data"),
            config -> config.withEdge(config.edge().withAccess(new Access(KEY, List.of()))))) {
      assertThat(post(server, "{}").statusCode()).isEqualTo(401);
      String url = "http://127.0.0.1:" + server.port();
      Result made = run("backup", "monday", "--server", url, "--api-key", KEY);
      Result again = run("backup", "monday", "--server", url, "--api-key", KEY);

      assertThat(made.err()).isEmpty();
      assertThat(made.code()).isZero();
      assertThat(made.out())
          .startsWith(folder.resolve("data/backups/monday").toAbsolutePath() + " (");
      assertThat(again.code()).isEqualTo(1);
      assertThat(again.err()).startsWith("myelin: There is a ").contains("Choose another name");
      assertThat(run("backup", "--server", url, "--api-key", KEY, "--json").out())
          .contains("\"folder\":\"", "\"took_ms\":", "\"bytes\":");
      assertThat(run("backup", "--server", url, "--api-key", KEY + "x").err())
          .contains("No API key, or a wrong one", "MYELIN_API_KEY");
    }
    assertThat(run("backup", "--server", "http://127.0.0.1:1").err())
        .isEqualTo(
            """
            myelin: No server answers at http://127.0.0.1:1.
            Start a server with: ./myelin serve
            """);
    assertThat(run("backup", "--server", "ftp://x").code()).isEqualTo(2);
  }

  private record Result(int code, String out, String err) {}

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  private static HttpResponse<String> post(TestServer server, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/admin/backup"))
            .POST(BodyPublishers.ofString(body))
            .timeout(TestServer.PATIENCE)
            .build(),
        BodyHandlers.ofString());
  }
}

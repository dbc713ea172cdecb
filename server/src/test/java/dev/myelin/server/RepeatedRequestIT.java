package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.server.LibraryApi.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A request that is sent again after its answer was lost with a killed server: here the server
/// forgets the answer, because it keeps one only.
final class RepeatedRequestIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "MYELIN_EMBEDDING_PROVIDER",
          "none",
          "MYELIN_HTTP_MAX_IDEMPOTENCY_KEYS",
          "1",
          "MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS",
          "true");

  @TempDir Path data;

  private ServerProcess server;
  private LibraryApi api;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.start(data, SETTINGS);
    api = new LibraryApi(server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Sends it, has its answer forgotten, and sends it again to another process.
  private Answer again(String path, String body) throws Exception {
    Answer first = api.post(path, body, "Idempotency-Key", "the key");
    assertThat(first.status()).isIn(201, 202);
    var _ = api.post("/v1/libraries", "{\"name\":\"Other\"}", "Idempotency-Key", path);
    server.kill();
    start();
    Answer second = api.post(path, body, "Idempotency-Key", "the key");
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.header("idempotency-replayed")).isNull();
    return second;
  }

  @Test
  void makesOneDocument() throws Exception {
    String documents = "/v1/libraries/" + api.library("Papers") + "/documents";

    Answer answer = again(documents, "{\"title\":\"One\",\"texts\":[\"a\",\"b\"]}");

    assertThat(api.get(documents).json()).hasSize(1);
    assertThat(api.get(documents).json().at("/0/id")).isEqualTo(answer.json().get("id"));
    assertThat(answer.json().get("chunks")).hasSize(2);
  }

  @Test
  void makesEachDocumentOfABatchOnce() throws Exception {
    String documents = "/v1/libraries/" + api.library("Papers") + "/documents";

    Answer answer =
        again(
            documents + "/batch",
            "{\"documents\":[{\"text\":\"a\"},{\"title\":\"\"},{\"text\":\"b\"},{\"id\":\"mine\",\"text\":\"c\"}]}");

    assertThat(api.get(documents).json()).hasSize(3);
    // Who names a document is told that it is there.
    assertThat(answer.json().get("successful").asInt()).isEqualTo(2);
    assertThat(answer.json().at("/results/3/error").asText()).contains("exists already");
  }

  @Test
  void acceptsOneJob() throws Exception {
    String papers = api.library("Papers");

    Answer answer =
        again(
            "/v1/jobs/batch-import",
            "{\"library_id\":\""
                + papers
                + "\",\"documents\":[{\"text\":\"a\"},{\"text\":\"b\"}]}");
    String id = answer.json().get("job_id").asText();

    assertThat(api.get("/v1/jobs").json().get("jobs").findValuesAsText("job_id"))
        .containsExactly(id);
    assertThat(new JobCalls(api).ended(id).get("status").asText()).isEqualTo("completed");
    assertThat(api.get("/v1/libraries/" + papers + "/documents").json()).hasSize(2);
  }

  @Test
  void makesOneWebhook() throws Exception {
    Answer answer =
        again(
            "/v1/webhooks",
            "{\"url\":\"http://127.0.0.1:1/hook\",\"events\":[\"*\"],\"secret\":\"sixteen letters!\"}");

    assertThat(api.get("/v1/webhooks").json().get("webhooks")).hasSize(1);
    assertThat(answer.json().get("secret").asText()).isEqualTo("sixteen letters!");
    assertThat(api.get("/v1/webhooks").json().at("/webhooks/0/id"))
        .isEqualTo(answer.json().get("id"));
  }

  @Test
  void makesOneLibrary() throws Exception {
    Answer answer = again("/v1/libraries", "{\"name\":\"Mine\"}");

    assertThat(api.get("/v1/libraries").json().findValuesAsText("name"))
        .containsExactlyInAnyOrder("Mine", "Other");
    assertThat(answer.json().get("name").asText()).isEqualTo("Mine");
  }
}

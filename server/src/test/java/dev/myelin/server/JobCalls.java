package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.server.LibraryApi.Answer;
import dev.myelin.testkit.Eventually;
import java.time.Duration;
import java.util.Set;

/// Calls of `/v1/jobs`.
record JobCalls(LibraryApi api) {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Set<String> OVER = Set.of("completed", "failed", "cancelled");

  /// Asks for a job and gives its id.
  String submit(String type, String body) throws Exception {
    Answer accepted = api.post("/v1/jobs/" + type, body);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    String id = accepted.json().get("job_id").asText();
    assertThat(accepted.header("location")).isEqualTo("/v1/jobs/" + id);
    return id;
  }

  /// Waits for the end of a job.
  JsonNode ended(String id) {
    Eventually.until(
        "job " + id + " is over", PATIENCE, () -> OVER.contains(job(id).get("status").asText()));
    return job(id);
  }

  JsonNode job(String id) {
    try {
      Answer answer = api.get("/v1/jobs/" + id);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      return answer.json();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Has a job done to its end.
  JsonNode run(String type, String body) throws Exception {
    return ended(submit(type, body));
  }

  /// Uses every route once.
  void useAll(String library) throws Exception {
    String only = "{\"library_id\":\"" + library + "\"}";
    JsonNode imported =
        run(
            "batch-import",
            "{\"library_id\":\""
                + library
                + "\",\"documents\":[{\"id\":\"job-1\",\"title\":\"J\",\"texts\":[\"one\"]},7]}");
    assertThat(imported.at("/result/imported").asInt()).isEqualTo(1);
    assertThat(imported.at("/result/failed").asInt()).isEqualTo(1);
    assertThat(imported.at("/progress/percentage").asDouble()).isEqualTo(100.0);
    JsonNode exported = run("batch-export", only);
    assertThat(api.get(exported.at("/result/download").asText()).text()).contains("\"job-1\"");
    JsonNode deleted = run("batch-delete", "{\"document_ids\":[\"job-1\",\"nobody\"]}");
    assertThat(deleted.get("library_id").asText()).isEqualTo(library);
    assertThat(deleted.at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(run("index-rebuild", only).get("status").asText()).isEqualTo("completed");
    assertThat(run("index-optimize", only).get("status").asText()).isEqualTo("completed");
    // There is no model here.
    String embedding = submit("regenerate-embeddings", only);
    assertThat(ended(embedding).get("error").asText()).contains("embedding.provider");
    assertThat(api.get("/v1/jobs").json().get("total").asInt()).isGreaterThanOrEqualTo(6);
    assertThat(api.get("/v1/jobs/stats/queue").json().get("failed_jobs").asInt()).isEqualTo(1);
    assertThat(api.delete("/v1/jobs/" + embedding).json().get("message").asText())
        .isEqualTo("Job deleted");
    assertThat(api.get("/v1/jobs/" + embedding).status()).isEqualTo(404);
    cancelOne(library);
  }

  /// Cancels a job that is not over, after longer and longer ones if they are too quick.
  private void cancelOne(String library) throws Exception {
    int status = 409;
    for (int documents = 200; status == 409; documents *= 2) {
      String some = "{\"texts\":[\"x\"]}" + ",{\"texts\":[\"y\"]}".repeat(documents - 1);
      String job =
          submit(
              "batch-import", "{\"library_id\":\"" + library + "\",\"documents\":[" + some + "]}");
      Answer cancelled = api.post("/v1/jobs/" + job + "/cancel", "");
      status = cancelled.status();
      assertThat(ended(job).get("status").asText())
          .isEqualTo(status == 200 ? "cancelled" : "completed");
    }
    assertThat(status).isEqualTo(200);
  }
}

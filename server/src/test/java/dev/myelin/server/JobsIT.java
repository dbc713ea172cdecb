package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.library.job.JobConfig;
import dev.myelin.library.job.JobConfig.Queue;
import dev.myelin.server.LibraryApi.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs over HTTP, each answer held against `/openapi.json`.
@Timeout(240)
class JobsIT {
  private static final String ROOT = "correct-horse-battery-staple";

  @TempDir private Path folder;

  private static String importing(String library, int first, int count) {
    StringBuilder body = new StringBuilder("{\"library_id\":\"" + library + "\",\"documents\":[");
    for (int i = first; i < first + count; i++) {
      body.append(i == first ? "" : ",")
          .append("{\"id\":\"doc-")
          .append(i)
          .append("\",\"title\":\"Document ")
          .append(i)
          .append("\",\"text\":\"This is what document number ")
          .append(i)
          .append(" says.\"}");
    }
    return body.append("]}").toString();
  }

  private static String of(String library) {
    return "{\"library_id\":\"" + library + "\"}";
  }

  @Test
  void refusesWhatIsWrong() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi api = new LibraryApi(server.port());
      String library = api.library("Papers");
      assertProblem(api.post("/v1/jobs/index-rebuild", "{}"), 422, "library_id");
      assertProblem(api.post("/v1/jobs/index-rebuild", of("nowhere")), 404, "nowhere");
      assertProblem(api.post("/v1/jobs/index-rebuild", "{"), 400, "");
      assertProblem(api.post("/v1/jobs/batch-import", of(library)), 422, "documents");
      assertProblem(
          api.post(
              "/v1/jobs/batch-export", "{\"library_id\":\"" + library + "\",\"format\":\"xml\"}"),
          422,
          "ndjson, json or csv");
      assertProblem(
          api.post("/v1/jobs/batch-delete", "{\"document_ids\":[\"nobody\"]}"), 422, "library_id");
      assertProblem(
          api.post(
              "/v1/jobs/index-optimize", "{\"library_id\":\"" + library + "\",\"max_retries\":11}"),
          422,
          "max_retries");
      assertProblem(api.get("/v1/jobs?status=sleeping"), 422, "cancelled");
      assertProblem(api.get("/v1/jobs?type=none"), 422, "batch_import");
      assertProblem(api.get("/v1/jobs/nobody"), 404, "nobody");
      assertProblem(api.post("/v1/jobs/nobody/cancel", ""), 404, "nobody");
      assertProblem(api.delete("/v1/jobs/nobody"), 404, "nobody");
      assertProblem(api.get("/v1/jobs/nobody/result"), 404, "nobody");
      String job = api.post("/v1/jobs/index-optimize", of(library)).json().get("job_id").asText();
      var _ = new JobCalls(api).ended(job);
      assertProblem(api.post("/v1/jobs/" + job + "/cancel", ""), 409, "completed");
      assertProblem(api.get("/v1/jobs/" + job + "/result"), 404, "no file");
    }
  }

  private static void assertProblem(Answer answer, int status, String words) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.json().get("detail").asText()).contains(words);
  }

  @Test
  void listsFiltersPagesAndCancels() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi api = new LibraryApi(server.port());
      JobCalls calls = new JobCalls(api);
      String library = api.library("Papers");
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ids.addFirst(calls.submit("index-optimize", of(library)));
      }
      // They run one after the other: this one waits behind them, or is just at its beginning.
      String import_ = calls.submit("batch-import", importing(library, 0, 900));
      Answer cancelled = api.post("/v1/jobs/" + import_ + "/cancel", "");
      if (cancelled.status() == 200) {
        assertThat(cancelled.json().get("status").asText()).isEqualTo("cancelled");
        int done = cancelled.json().at("/progress/current").asInt();
        assertThat(api.get("/v1/libraries/" + library).json().get("num_documents").asInt())
            .isEqualTo(done);
      } else {
        assertThat(cancelled.status()).isEqualTo(409);
      }
      ids.forEach(calls::ended);
      List<String> seen = new ArrayList<>();
      String next = "/v1/jobs?limit=2&type=index-optimize&library_id=" + library;
      while (next != null) {
        Answer page = api.get(next);
        assertThat(page.json().get("total").asInt()).isEqualTo(3);
        page.json().get("jobs").forEach(job -> seen.add(job.get("job_id").asText()));
        String link = page.header("link");
        next = link == null ? null : link.substring(1, link.indexOf('>'));
      }
      assertThat(seen).isEqualTo(ids);
      assertThat(api.get("/v1/jobs?status=failed").json().get("jobs")).isEmpty();
    }
  }

  @Test
  void documentsAreDownloadedAsATable() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi api = new LibraryApi(server.port());
      JobCalls calls = new JobCalls(api);
      String library = api.library("Papers");
      String id = api.document(library, "Comma, separated", "Some \"text\".");
      String export = "{\"library_id\":\"" + library + "\",\"format\":\"csv\"}";
      JsonNode job = calls.ended(calls.submit("batch-export", export));

      Answer file = api.get("/v1/jobs/" + job.get("job_id").asText() + "/result");
      assertThat(file.header("content-type")).startsWith("text/csv");
      assertThat(file.header("content-disposition")).contains(".csv");
      assertThat(file.text())
          .startsWith("id,title,author,")
          .contains("\r\n" + id + ",\"Comma, separated\",")
          .endsWith(",\"[\"\"Some \\\"\"text\\\"\".\"\"]\"\r\n");
    }
  }

  @Test
  void anIndexIsBuiltByAJobThatOneMayWaitFor() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi api = new LibraryApi(server.port());
      String library = api.library("Papers");
      var _ = new JobCalls(api).run("batch-import", importing(library, 0, 20));
      String path = "/v1/libraries/" + library + "/index/rebuild";
      JsonNode waited = api.post(path, "{\"index_type\":\"hnsw\"}").json();
      Answer asked = api.post(path, "{}", "Prefer", "respond-async");

      assertThat(waited.get("job_id").asText()).isNotEmpty();
      assertThat(waited.get("requested_index_type").asText()).isEqualTo("hnsw");
      assertThat(asked.status()).isEqualTo(202);
      assertThat(
              new JobCalls(api).ended(asked.json().get("job_id").asText()).get("status").asText())
          .isEqualTo("completed");
      assertThat(api.get("/v1/libraries/" + library + "/changes?event_types=job.*").text())
          .contains("job.created", "job.started", "job.completed", "index_rebuild");
    }
  }

  @Test
  void whatWasExportedCanBeImported() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi api = new LibraryApi(server.port());
      JobCalls calls = new JobCalls(api);
      String from = api.library("From");
      String to = api.library("To");
      var _ = calls.run("batch-import", importing(from, 0, 150));
      var _ =
          api.post(
              "/v1/libraries/" + from + "/documents/with-embeddings",
              "{\"title\":\"V\",\"chunks\":[{\"text\":\"one\",\"embedding\":[1,0,0]}]}");
      JsonNode job =
          calls.run(
              "batch-export", "{\"library_id\":\"" + from + "\",\"include_embeddings\":true}");
      Answer file = api.get("/v1/jobs/" + job.get("job_id").asText() + "/result");
      assertThat(file.header("content-disposition")).contains(".ndjson");
      JsonNode read = api.post("/v1/libraries/" + to + "/documents/stream", file.text()).json();

      assertThat(read.get("successful").asInt()).isEqualTo(151);
      assertThat(read.get("failed").asInt()).isZero();
      assertThat(api.get("/v1/libraries/" + to).json().get("dimension").asInt()).isEqualTo(3);
      JsonNode array =
          calls.run("batch-export", "{\"library_id\":\"" + to + "\",\"format\":\"json\"}");
      assertThat(api.get(array.at("/result/download").asText()).json()).hasSize(151);
    }
  }

  @Test
  void goesOnWhenTheServerWasStoppedInOrder() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      LibraryApi before = new LibraryApi(server.port());
      String library = before.library("Papers");
      String job = new JobCalls(before).submit("batch-import", importing(library, 0, 900));
      server.restart();
      LibraryApi after = new LibraryApi(server.port());
      JsonNode ended = new JobCalls(after).ended(job);

      assertThat(ended.at("/result/imported").asInt()).isEqualTo(900);
      assertThat(after.get("/v1/libraries/" + library).json().get("num_documents").asInt())
          .isEqualTo(900);
    }
  }

  @Test
  void tellsWhenToComeBackIfTooManyWait() throws Exception {
    JobConfig usual = JobConfig.DEFAULT;
    JobConfig narrow =
        new JobConfig(
            1,
            new Queue(1, 1, 100, 1 << 20),
            usual.retry(),
            usual.kept(),
            usual.exports(),
            Duration.ofMillis(100),
            usual.stopTimeout());
    try (TestServer server = TestServer.open(folder, config -> config.withJobs(narrow))) {
      LibraryApi api = new LibraryApi(server.port());
      String library = api.library("Papers");
      assertProblem(
          api.post("/v1/jobs/batch-import", importing(library, 0, 101)), 422, "documents");
      // One that would hold more than all may: there is never room for it.
      String text = "x".repeat(9_000);
      StringBuilder body = new StringBuilder("{\"library_id\":\"" + library + "\",\"documents\":[");
      for (int i = 0; i < 100; i++) {
        body.append(i == 0 ? "" : ",").append("{\"texts\":[\"").append(text).append("\",\"");
        body.append(text).append("\"]}");
      }
      Answer refused = api.post("/v1/jobs/batch-import", body.append("]}").toString());
      assertProblem(refused, 503, "hold as much");
      assertThat(Integer.parseInt(String.valueOf(refused.header("retry-after")))).isPositive();
      assertThat(api.get("/v1/jobs").json().get("total").asInt()).isZero();
    }
  }

  @Test
  void keepsTenantsAndScopesApart() throws Exception {
    try (TestServer server =
        TestServer.open(
            folder,
            config -> config.withEdge(config.edge().withAccess(new Access(ROOT, List.of()))))) {
      Admin root = new Admin(server.port(), ROOT);
      Admin one = root.with(root.tenant("one").key());
      Admin two = root.with(root.tenant("two").key());
      for (Admin who : List.of(one, two)) {
        var _ = who.json("POST", "/v1/libraries", "{\"id\":\"notes\",\"name\":\"Notes\"}");
        var _ = who.json("POST", "/v1/libraries", "{\"id\":\"diary\",\"name\":\"Diary\"}");
      }
      String job = submit(one, "batch-export", "notes");
      assertThat(one.status("GET", "/v1/jobs/" + job)).isEqualTo(200);
      for (Admin stranger : List.of(two, root)) {
        assertThat(stranger.status("GET", "/v1/jobs/" + job)).isEqualTo(404);
        assertThat(stranger.status("GET", "/v1/jobs/" + job + "/result")).isEqualTo(404);
        assertThat(stranger.status("POST", "/v1/jobs/" + job + "/cancel")).isEqualTo(404);
        assertThat(stranger.status("DELETE", "/v1/jobs/" + job)).isEqualTo(404);
        assertThat(stranger.json("GET", "/v1/jobs", "").get("jobs")).isEmpty();
        assertThat(stranger.json("GET", "/v1/jobs/stats/queue", "").get("total_jobs").asInt())
            .isZero();
      }

      Admin reader = one.with(one.key("read:notes").secret());
      Admin writer = one.with(one.key("write:notes").secret());
      Admin elsewhere = one.with(one.key("admin:diary").secret());
      assertThat(reader.status("GET", "/v1/jobs/" + job)).isEqualTo(200);
      assertThat(elsewhere.status("GET", "/v1/jobs/" + job)).isEqualTo(404);
      assertThat(elsewhere.json("GET", "/v1/jobs", "").get("jobs")).isEmpty();
      assertThat(reader.send("POST", "/v1/jobs/batch-export", of("notes")).statusCode())
          .isEqualTo(202);
      assertThat(
              reader.send("POST", "/v1/jobs/batch-import", importing("notes", 0, 1)).statusCode())
          .isEqualTo(403);
      assertThat(elsewhere.send("POST", "/v1/jobs/batch-export", of("notes")).statusCode())
          .isEqualTo(403);
      assertThat(
              writer.send("POST", "/v1/jobs/batch-import", importing("notes", 0, 1)).statusCode())
          .isEqualTo(202);
      assertThat(writer.send("POST", "/v1/jobs/index-rebuild", of("notes")).statusCode())
          .isEqualTo(403);
      String rebuild = submit(one, "index-rebuild", "notes");
      assertThat(writer.status("POST", "/v1/jobs/" + rebuild + "/cancel")).isEqualTo(403);
      assertThat(writer.status("DELETE", "/v1/jobs/" + rebuild)).isEqualTo(403);
    }
  }

  private static String submit(Admin who, String type, String library) throws Exception {
    return who.json("POST", "/v1/jobs/" + type, of(library)).get("job_id").asText();
  }
}

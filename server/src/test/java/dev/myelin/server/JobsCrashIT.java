package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a server in the middle of jobs, and holds it to its word after the next start: a job that
/// was accepted is done, and nothing is done twice.
@Timeout(400)
class JobsCrashIT {
  private static final int DOCUMENTS = 1_500;
  private static final Map<String, String> SETTINGS =
      Map.of("MYELIN_EMBEDDING_PROVIDER", "none", "MYELIN_JOBS_PROGRESS_INTERVAL", "1ms");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private static String importing(String library) {
    StringBuilder body = new StringBuilder("{\"library_id\":\"" + library + "\",\"documents\":[");
    for (int i = 0; i < DOCUMENTS; i++) {
      body.append(i == 0 ? "" : ",").append("{\"id\":\"doc-").append(i).append("\",\"texts\":[");
      for (int passage = 0; passage < 4; passage++) {
        body.append(passage == 0 ? "" : ",")
            .append("\"Passage ")
            .append(passage)
            .append(" of document ")
            .append(i)
            .append(" speaks of some things and of some others.\"");
      }
      body.append("]}");
    }
    return body.append("]}").toString();
  }

  @Test
  void jobsGoOnAfterKills() throws Exception {
    Path data = folder.resolve("data");
    String library;
    String import_;
    String export;
    try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
      LibraryApi api = new LibraryApi(server.port());
      library = api.library("Papers");
      JobCalls calls = new JobCalls(api);
      import_ = calls.submit("batch-import", importing(library));
      // Jobs of a library run one after the other: the export waits for the import.
      export = calls.submit("batch-export", "{\"library_id\":\"" + library + "\"}");
      awaitProgress(calls, import_, 1);
    } // killed
    try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
      JobCalls calls = new JobCalls(new LibraryApi(server.port()));
      awaitProgress(calls, import_, DOCUMENTS / 2);
    } // killed
    try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
      JobCalls calls = new JobCalls(new LibraryApi(server.port()));
      awaitProgress(calls, export, 1);
    } // killed
    try (ServerProcess server = ServerProcess.start(data, SETTINGS)) {
      LibraryApi api = new LibraryApi(server.port());
      JobCalls calls = new JobCalls(api);
      Eventually.until(
          "the export is whole",
          PATIENCE,
          () -> "completed".equals(calls.job(export).get("status").asText()));
      assertWhole(api, library, calls.job(import_), calls.job(export));
    }
  }

  private static void awaitProgress(JobCalls calls, String job, int least) {
    Eventually.until(
        "job " + job + " comes to " + least,
        PATIENCE,
        () -> calls.job(job).at("/progress/current").asInt() >= least);
  }

  private static void assertWhole(
      LibraryApi api, String library, JsonNode imported, JsonNode exported) throws Exception {
    assertThat(imported.at("/result/imported").asInt()).isEqualTo(DOCUMENTS);
    assertThat(imported.at("/result/failed").asInt()).isZero();
    assertThat(imported.at("/result/total_chunks").asInt()).isEqualTo(4 * DOCUMENTS);
    JsonNode figures = api.get("/v1/libraries/" + library + "/statistics").json();
    assertThat(figures.get("num_documents").asInt()).isEqualTo(DOCUMENTS);
    assertThat(figures.get("num_chunks").asInt()).isEqualTo(4 * DOCUMENTS);
    assertThat(added(api, library))
        .hasSize(DOCUMENTS)
        .allSatisfy((_, times) -> assertThat(times).isOne());

    assertThat(exported.at("/result/documents_exported").asInt()).isEqualTo(DOCUMENTS);
    List<String> ids = new ArrayList<>();
    api.get(exported.at("/result/download").asText())
        .text()
        .lines()
        .forEach(line -> ids.add(ApiContract.parse(line).get("id").asText()));
    assertThat(ids).hasSize(DOCUMENTS).doesNotHaveDuplicates();
  }

  /// How often each document was told of as added.
  private static Map<String, Integer> added(LibraryApi api, String library) throws Exception {
    Map<String, Integer> times = new HashMap<>();
    long since = 0;
    JsonNode page;
    do {
      page =
          api.get(
                  "/v1/libraries/"
                      + library
                      + "/changes?limit=1000&event_types=document.added&since="
                      + since)
              .json();
      page.get("changes")
          .forEach(event -> times.merge(event.at("/data/document_id").asText(), 1, Integer::sum));
      since = page.get("next_since").asLong();
    } while (page.get("has_more").asBoolean());
    return times;
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small texts that would cost whoever reads them without care a lot, and ids that would be paths.
final class LibraryTricksIT {
  /// As JSON has them.
  private static final List<String> NO_IDS =
      List.of(
          "../../etc/passwd",
          "..%2f..%2fetc",
          "a/b",
          "a\\\\b",
          "/etc/passwd",
          "a\\u0000b",
          "a\\nb",
          "\\u202eabc",
          "~root",
          "C:\\\\x",
          " ",
          "file:///etc/passwd");

  @TempDir Path folder;

  private TestServer server;
  private LibraryApi api;
  private String library;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open(folder);
    api = new LibraryApi(server.port());
    library = api.library("Papers");
    path = "/v1/libraries/" + library;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int documents() throws Exception {
    return api.get(path).json().get("num_documents").asInt();
  }

  @Test
  void refusesJsonBombsAndServesOn() throws Exception {
    List<String> bombs =
        List.of(
            "{\"text\":" + "[".repeat(1_000_000),
            "{\"text\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
            "{\"text\":" + "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000) + "}",
            "{\"metadata\":{\"n\":" + "9".repeat(1_000_000) + "},\"text\":\"a\"}",
            "{\"metadata\":{\"n\":1e999999999},\"text\":\"a\"}",
            "{\"metadata\":{\"" + "n".repeat(1_000_000) + "\":1},\"text\":\"a\"}",
            "{\"text\":[" + "[],".repeat(1_200_000) + "[]]}",
            "{\"texts\":[" + "\"\",".repeat(1_200_000) + "\"\"]}");
    int added = 0;
    for (String bomb : bombs) {
      String named = bomb.substring(0, 24);
      for (String way : List.of("/documents", "/documents/batch", "/search")) {
        assertThat(api.post(path + way, bomb).status()).as("%s %s", way, named).isIn(400, 422);
      }
      // In a stream of lines such a line fails alone.
      String lines = bomb + "\n{\"text\":\"good\"}\n";
      JsonNode read = api.post(path + "/documents/stream", lines).json();
      assertThat(read.get("failed").asInt()).as(named).isEqualTo(1);
      assertThat(read.get("successful").asInt()).as(named).isEqualTo(1);
      assertThat(documents()).isEqualTo(++added);
    }
  }

  @Test
  void refusesNumbersThatNobodyCanHold() throws Exception {
    for (String value : List.of("1e999999999", "-1e400", "[1e999999999]")) {
      String search =
          "{\"query\":\"a\",\"metadata_filters\":[{\"field\":\"n\",\"operator\":\"in\",\"value\":"
              + value
              + "}]}";
      assertThat(api.post(path + "/search", search).status()).as(value).isEqualTo(400);
    }
  }

  @Test
  void takesNoPathsForIds() throws Exception {
    for (String id : NO_IDS) {
      String named = "{\"id\":\"" + id + "\",\"name\":\"N\",\"text\":\"a\"}";
      assertThat(api.post("/v1/libraries", named).status()).as(id).isEqualTo(422);
      LibraryApi.Answer refused = api.post(path + "/documents", named);
      assertThat(refused.status()).as(id).isEqualTo(422);
      assertThat(refused.json().path("field").asText()).as(id).isEqualTo("id");
      String inside = "{\"library_id\":\"" + id + "\",\"documents\":[{\"text\":\"a\"}]}";
      assertThat(api.post("/v1/jobs/batch-import", inside).status()).as(id).isEqualTo(404);
      assertThat(api.post("/v1/jobs/batch-export", inside).status()).as(id).isEqualTo(404);
      String hook =
          "{\"url\":\"https://example.com/\",\"events\":[\"*\"],\"library_id\":\"" + id + "\"}";
      assertThat(api.post("/v1/webhooks", hook).status()).as(id).isIn(404, 422);
      String many = "{\"document_ids\":[\"" + id + "\"]}";
      JsonNode deleted =
          api.send("DELETE", "/v1/documents/batch", BodyPublishers.ofString(many)).json();
      assertThat(deleted.get("successful").asInt()).as(id).isZero();
    }
    assertThat(api.get("/v1/libraries").json()).hasSize(1);
    assertThat(api.get("/v1/webhooks").json().get("total").asInt()).isZero();
    assertThat(documents()).isZero();
  }

  @Test
  void anIdThatLooksLikeAPathIsOnlyAName() throws Exception {
    List<String> ids = List.of(".", "..", "...", "a..b", "-", "a:b");
    for (String id : ids) {
      String made = "{\"id\":\"" + id + "\",\"text\":\"named " + id + "\"}";
      assertThat(api.post(path + "/documents", made).status()).as(id).isEqualTo(201);
    }
    JobCalls calls = new JobCalls(api);
    JsonNode exported = calls.run("batch-export", "{\"library_id\":\"" + library + "\"}");
    String file = api.get(exported.at("/result/download").asText()).text();
    for (String id : ids) {
      String one = path + "/documents/" + id.replace(".", "%2E");
      assertThat(api.get(one).json().get("text").asText()).isEqualTo("named " + id);
      assertThat(file).contains("named " + id);
      assertThat(api.delete(one).status()).as(id).isEqualTo(204);
    }
    assertThat(documents()).isZero();
  }
}

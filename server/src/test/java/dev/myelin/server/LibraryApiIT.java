package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.server.LibraryApi.Answer;
import dev.myelin.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The HTTP interface of libraries, each answer held against `/openapi.json`.
class LibraryApiIT {
  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;
  private String library;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open(folder, config -> WebhookIT.allowing(config, true));
    api = new LibraryApi(server.port());
    library = api.library("Papers");
    path = "/v1/libraries/" + library;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void documentsWhatItServesAndNothingElse() {
    assertThat(new TreeSet<>(server.server().routes()))
        .containsExactlyInAnyOrderElementsOf(api.contract().operations());
  }

  @Test
  void doesAllThatIsDocumented() throws Exception {
    assertThat(api.get("/v1/libraries").json()).hasSize(1);
    assertThat(api.get(path).json().get("name").asText()).isEqualTo("Papers");
    assertThat(api.patch(path, "{\"name\":\"Better\"}").json().get("name").asText())
        .isEqualTo("Better");
    useDocuments();
    useBatches();
    useSearches();
    useFeed();
    new JobCalls(api).useAll(library);
    useWebhooks();
    useChannels();
    useConnections();
    useTokens();
    assertThat(api.get(path + "/statistics").json().get("num_chunks").asInt()).isPositive();
    assertThat(api.post(path + "/index/rebuild", "{}").status()).isEqualTo(200);
    assertThat(api.post(path + "/index/optimize", "").status()).isEqualTo(200);
    assertThat(api.get(path + "/index/statistics").status()).isEqualTo(200);
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);

    assertThat(api.contract().exercised())
        .containsAll(
            api.contract().operations().stream()
                .filter(operation -> !operation.startsWith("GET") || !operation.endsWith("/stream"))
                .toList());
  }

  private void useChannels() throws Exception {
    for (String channel : List.of("team/core", "notifications")) {
      String events = "/v1/channels/" + channel + "/events";
      assertThat(api.post(events, "{\"type\":\"team.activity\"}").status()).isEqualTo(201);
      assertThat(api.get(events + "?wait=1ms").json().get("next").asInt()).isEqualTo(1);
      assertThat(api.get(events).json().get("events")).hasSize(1);
    }
  }

  private void useConnections() throws Exception {
    assertThat(api.get("/v1/connections").json()).isEmpty();
    try (GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=tab")) {
      client.next("welcome");
      JsonNode open = api.get("/v1/connections").json();
      assertThat(open.findValuesAsText("client_id")).containsExactly("tab");
      String one = "/v1/connections/" + open.at("/0/id").asText();
      assertThat(api.delete(one).status()).isEqualTo(204);
      assertThat(client.closed().get("code").asInt()).isEqualTo(4003);
    }
  }

  private void useDocuments() throws Exception {
    Answer made =
        api.post(
            path + "/documents",
            "{\"title\":\"Cats\",\"texts\":[\"Cats purr.\",\"Cats sleep.\"],\"tags\":[\"pets\"],"
                + "\"author\":\"Ann\",\"metadata\":{\"year\":2020}}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("num_chunks").asInt()).isEqualTo(2);
    String one = path + "/documents/" + made.json().get("id").asText();
    assertThat(made.header("location")).isEqualTo(one);
    assertThat(made.header("etag")).isEqualTo("\"1\"");

    Answer read = api.get(one);
    assertThat(read.json().get("metadata").get("year").asInt()).isEqualTo(2020);
    assertThat(read.json().get("metadata").get("author").asText()).isEqualTo("Ann");
    assertThat(api.get(one, "If-None-Match", "\"1\"").status()).isEqualTo(304);
    assertThat(api.patch(one, "{\"title\":\"Dogs\"}", "If-Match", "\"7\"").status()).isEqualTo(412);
    Answer changed =
        api.patch(one, "{\"title\":\"Dogs\",\"text\":\"Dogs bark.\"}", "If-Match", "\"1\"");
    assertThat(changed.json().get("title").asText()).isEqualTo("Dogs");
    assertThat(changed.header("etag")).isEqualTo("\"2\"");
    assertThat(api.get("/v1/documents/" + made.json().get("id").asText()).status()).isEqualTo(200);
    assertThat(api.get(path + "/documents").json()).hasSize(1);
    assertThat(api.delete(one, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(one, "If-Match", "\"2\"").status()).isEqualTo(204);
    assertThat(api.get(one).status()).isEqualTo(404);
    assertThat(api.delete("/v1/documents/" + api.document(library, "Gone", "Soon gone.")).status())
        .isEqualTo(204);
    Answer embedded =
        api.post(
            path + "/documents/with-embeddings",
            "{\"title\":\"V\",\"chunks\":[{\"text\":\"one\",\"embedding\":[1,0,0]}]}");
    assertThat(embedded.status()).isEqualTo(201);
  }

  private void useBatches() throws Exception {
    JsonNode batch =
        api.post(
                path + "/documents/batch",
                "{\"documents\":[{\"title\":\"A\",\"texts\":[\"alpha\"]},{\"title\":\"\","
                    + "\"texts\":[\"x\"]},7,{\"title\":\"B\",\"text\":\"beta\"}]}")
            .json();
    assertThat(batch.get("successful").asInt()).isEqualTo(2);
    assertThat(batch.get("results").findValuesAsText("success"))
        .containsExactly("true", "false", "false", "true");
    assertThat(batch.get("results").get(1).get("error").asText()).contains("documents[1].title");
    JsonNode vectors =
        api.post(
                path + "/documents/batch-with-embeddings",
                "{\"documents\":[{\"title\":\"C\",\"chunks\":[{\"text\":\"c\",\"embedding\":"
                    + "[0,1,0]}]},{\"title\":\"D\",\"chunks\":[{\"text\":\"d\",\"embedding\":"
                    + "[0,1]}]}]}")
            .json();
    assertThat(vectors.get("successful").asInt()).isEqualTo(1);
    String first = batch.get("results").get(0).get("document_id").asText();
    JsonNode removed =
        api.send(
                "DELETE",
                "/v1/documents/batch",
                BodyPublishers.ofString("{\"document_ids\":[\"" + first + "\",\"nobody\"]}"))
            .json();
    assertThat(removed.get("results").findValuesAsText("success")).containsExactly("true", "false");

    Answer streamed =
        api.post(
            path + "/documents/stream",
            "{\"title\":\"L1\",\"text\":\"first line\"}\n\nnot json\n{\"texts\":[\"third\"]}");
    assertThat(streamed.json().get("successful").asInt()).isEqualTo(2);
    assertThat(streamed.json().get("failed").asInt()).isEqualTo(1);
    String[] progress =
        api.post(
                path + "/documents/stream",
                "{\"title\":\"L2\",\"text\":\"another\"}\n",
                "Accept",
                "application/x-ndjson")
            .text()
            .split("\n");
    assertThat(progress).hasSize(2);
    assertThat(progress[1]).contains("\"status\":\"summary\"");
    String[] exported = api.get(path + "/documents/stream").text().split("\n");
    assertThat(exported[exported.length - 1]).contains("\"status\":\"complete\"");
    assertThat(exported).hasSizeGreaterThan(3);
  }

  private void useSearches() throws Exception {
    JsonNode near =
        api.post(path + "/search/embedding", "{\"embedding\":[0.9,0.1,0],\"k\":1}").json();
    assertThat(near.get("results").get(0).get("text").asText()).isEqualTo("one");
    assertThat(near.get("results").get(0).get("distance").asDouble()).isBetween(0.0, 0.1);
    assertThat(
            api.post(
                    path + "/search?include_embeddings=true",
                    "{\"embedding\":[1,0,0],\"metadata_filters\":[{\"field\":\"title\","
                        + "\"operator\":\"eq\",\"value\":\"V\"}]}")
                .json()
                .get("results")
                .get(0)
                .get("chunk")
                .get("embedding"))
        .hasSize(3);
    assertThat(api.post(path + "/search/filtered", "{\"embedding\":[1,0,0]}").status())
        .isEqualTo(200);
    assertThat(api.post(path + "/search/hybrid", "{\"query\":\"line\"}").status()).isEqualTo(200);
    assertThat(api.post(path + "/search/stream", "{\"embedding\":[1,0,0]}").text())
        .endsWith("\"total_results\":2}\n");
    // Without a model nobody knows what a text means, but its words are found.
    JsonNode worded = api.post(path + "/search", "{\"query\":\"line\"}").json();
    assertThat(worded.get("mode").asText()).isEqualTo("words");
    assertThat(worded.at("/results/0/text").asText()).contains("line");
    assertThat(worded.at("/results/0/distance").isNull()).isTrue();
    assertThat(api.get(path + "/search/stream?query=line&k=3").text()).contains("\"rank\":1");
    assertThat(api.get(path + "/search/stream?query=line&mode=meaning").status()).isEqualTo(422);
    assertThat(api.get(path + "/search/stream?query=line&mode=magic").json().get("field"))
        .hasToString("\"mode\"");
    assertThat(api.post(path + "/search", "{\"query\":\"line\",\"mode\":\"magic\"}").status())
        .isEqualTo(422);
    assertThat(
            api.post(
                    path + "/search",
                    "{\"query\":\"line\",\"mode\":\"words\",\"distance_threshold\":1}")
                .text())
        .contains("words have no distance");
    assertThat(api.post(path + "/search", "{\"embedding\":[1,0]}").status()).isEqualTo(400);
    assertThat(api.post(path + "/search", "{\"query\":\"a\",\"k\":101}").json().get("field"))
        .hasToString("\"k\"");
  }

  private void useFeed() throws Exception {
    JsonNode page = api.get(path + "/changes?since=0&limit=2").json();
    assertThat(page.get("changes")).hasSize(2);
    assertThat(page.get("has_more").asBoolean()).isTrue();
    assertThat(page.get("changes").get(0).get("event_type").asText()).isEqualTo("library.created");
    assertThat(api.get(path + "/changes?event_types=document.*").json().get("changes"))
        .allMatch(event -> event.get("event_type").asText().startsWith("document."));
    assertThat(api.get("/v1/events/stats").json().get("total_published").asInt()).isPositive();
    assertThat(api.get("/v1/websockets/stats").json().get("total_connections").asInt()).isZero();
  }

  private void useTokens() throws Exception {
    Answer ticket = api.post("/v1/tickets", "");
    assertThat(ticket.status()).isEqualTo(201);
    assertThat(ticket.header("cache-control")).contains("no-store");
    assertThat(ticket.json().get("expires_in").asInt()).isEqualTo(30);
    Answer one = api.post("/v1/tokens/revoke", "{\"token_id\":\"t-1\"}");
    assertThat(one.status()).isEqualTo(200);
    assertThat(api.post("/v1/tokens/revoke", "{\"subject\":\"ann\"}").status()).isEqualTo(200);
    assertThat(api.post("/v1/tokens/revoke", "{}").status()).isEqualTo(422);
    assertThat(
            api.post("/v1/tokens/revoke", "{\"subject\":\"ann\",\"until\":\"2020-01-01\"}")
                .status())
        .isEqualTo(422);
    assertThat(api.get("/v1/tokens/revoked").json()).hasSize(2);
    String path = "/v1/tokens/revoked/" + one.json().get("revocation_id").asText();
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.delete(path).status()).isEqualTo(404);
  }

  private void useWebhooks() throws Exception {
    try (WebhookTarget target = new WebhookTarget()) {
      Answer made =
          api.post(
              "/v1/webhooks",
              "{\"url\":\""
                  + target.url()
                  + "\",\"events\":[\"document.*\"],\"library_id\":\""
                  + library
                  + "\"}");
      assertThat(made.status()).isEqualTo(201);
      String one = "/v1/webhooks/" + made.json().get("id").asText();
      assertThat(made.header("location")).isEqualTo(one);
      assertThat(api.post(one + "/test", "").json().get("success").asBoolean()).isTrue();
      var _ = api.document(library, "Told", "told to others");
      Eventually.until("the event is told", () -> target.told().size() == 2);
      assertThat(api.get(one).json().get("secret").isNull()).isTrue();
      assertThat(api.get("/v1/webhooks").json().get("total").asInt()).isEqualTo(1);
      assertThat(api.get(one + "/deliveries?page_size=1").json().get("deliveries")).hasSize(1);
      assertThat(api.get(one + "/stats").json().get("success_rate").asDouble()).isEqualTo(100);
      assertThat(api.post(one + "/rotate", "").json().get("secret").asText()).hasSize(70);
      assertThat(api.patch(one, "{\"max_retries\":11}").json().get("field").asText())
          .isEqualTo("max_retries");
      assertThat(api.patch(one, "{\"description\":\"mine\"}").status()).isEqualTo(200);
      assertThat(api.delete(one).status()).isEqualTo(204);
      assertThat(api.get(one).status()).isEqualTo(404);
    }
  }

  @Test
  void pagesThroughLists() throws Exception {
    for (int i = 0; i < 4; i++) {
      var _ = api.library("Library " + i);
    }
    TreeSet<String> seen = new TreeSet<>();
    String next = "/v1/libraries?limit=2";
    while (next != null) {
      Answer page = api.get(next);
      page.json().forEach(one -> seen.add(one.get("id").asText()));
      String link = page.header("link");
      next = link == null ? null : link.substring(1, link.indexOf('>'));
    }

    assertThat(seen).hasSize(5);
  }

  @Test
  void answersARepeatedRequestOnce() throws Exception {
    String[] key = {"Idempotency-Key", "a-key"};
    Answer first = api.post(path + "/documents", "{\"text\":\"once\"}", key);
    Answer again = api.post(path + "/documents", "{\"text\":\"once\"}", key);

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
    assertThat(api.post(path + "/documents", "{\"text\":\"twice\"}", key).status()).isEqualTo(422);
    assertThat(api.get(path + "/documents").json()).hasSize(1);
  }

  @Test
  void speaksHttp() throws Exception {
    Answer put = api.send("PUT", path, BodyPublishers.noBody());
    assertThat(put.status()).isEqualTo(405);
    assertThat(put.header("allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH");
    assertThat(api.send("OPTIONS", path, BodyPublishers.noBody()).status()).isEqualTo(204);
    Answer head = api.send("HEAD", path, BodyPublishers.noBody(), "X-Request-ID", "mine");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("x-request-id")).isEqualTo("mine");
    assertThat(head.header("x-response-time")).matches("\\d+\\.\\d{3}s");
    assertThat(api.get(path).header("x-request-id")).hasSize(36);
    assertThat(server.get("/docs").body()).contains("/openapi.json", "/asyncapi.json");
    assertThat(server.get("/docs/swagger-ui-bundle.js").statusCode()).isEqualTo(200);
    assertThat(server.get("/asyncapi.json").body()).startsWith("{\"asyncapi\":\"3.");
  }

  @Test
  void readsCompressedBodies() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"text\":\"packed\"}".getBytes(StandardCharsets.UTF_8));
    }
    Answer made =
        api.send(
            "POST",
            path + "/documents",
            BodyPublishers.ofByteArray(packed.toByteArray()),
            "Content-Encoding",
            "gzip");

    assertThat(made.status()).isEqualTo(201);
    assertThat(
            api.post(path + "/documents", "{\"text\":\"plain\"}", "Content-Encoding", "gzip")
                .status())
        .isEqualTo(400);
    assertThat(
            api.post(path + "/documents", "{\"text\":\"plain\"}", "Content-Encoding", "br")
                .status())
        .isEqualTo(415);
  }
}

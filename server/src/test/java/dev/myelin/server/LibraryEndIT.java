package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A library is deleted while sockets, streams and webhooks listen to it and jobs work in it; then
/// there is another one of the same id.
final class LibraryEndIT {
  @TempDir Path folder;

  @Test
  void whoeverHasToDoWithADeletedLibraryIsToldAndTheNextOfItsIdIsAnother() throws Exception {
    try (TestServer server = TestServer.open(folder, config -> WebhookIT.allowing(config, true));
        WebhookTarget target = new WebhookTarget();
        HttpClient http = HttpClient.newHttpClient()) {
      LibraryApi api = new LibraryApi(server.port());
      JobCalls calls = new JobCalls(api);
      String papers = "{\"id\":\"papers\",\"name\":\"Papers\"}";
      assertThat(api.post("/v1/libraries", papers).status()).isEqualTo(201);
      String bystander = api.library("Bystander");
      String kept = api.document(bystander, "Kept", "text");
      String hook = hook(api, target);
      String added = "{\"id\":\"same\",\"text\":\"of the first\"}";
      assertThat(api.post("/v1/libraries/papers/documents", added).status()).isEqualTo(201);
      try (LibrarySocketClient socket = new LibrarySocketClient(server.port(), "papers");
          LibrarySocketClient other = new LibrarySocketClient(server.port(), bystander)) {
        HttpResponse<Stream<String>> stream = http.send(stream(server), BodyHandlers.ofLines());
        Iterator<String> lines = stream.body().iterator();
        assertThat(lines.next()).isEqualTo("retry: 2000");
        List<String> jobs = new ArrayList<>();
        jobs.add(calls.submit("batch-import", documents(2_000)));
        jobs.add(calls.submit("batch-export", "{\"library_id\":\"papers\"}"));

        assertThat(api.delete("/v1/libraries/papers").status()).isEqualTo(204);

        socket.event("library.deleted");
        JsonNode closed = socket.next(message -> message.path("type").asText().equals("closed"));
        assertThat(closed.path("code").asInt()).isEqualTo(1000);
        assertThat(lastEvent(lines)).isEqualTo("library.deleted");
        for (String job : jobs) {
          assertThat(calls.ended(job).path("status").asText()).isEqualTo("cancelled");
        }
        Eventually.until(
            "the webhook is told and ends",
            TestServer.PATIENCE,
            () -> json(api, hook).path("status").asText().equals("disabled"));
        assertThat(target.told().getLast().json().path("type").asText())
            .isEqualTo("library.deleted");

        assertThat(api.post("/v1/libraries", papers).status()).isEqualTo(201);
        JsonNode changes = api.get("/v1/libraries/papers/changes").json().path("changes");
        assertThat(changes.findValuesAsText("event_type")).containsExactly("library.created");
        assertThat(api.get("/v1/libraries/papers/documents").json()).isEmpty();
        assertThat(api.get("/v1/libraries/papers/documents/same").status()).isEqualTo(404);
        JsonNode found = api.post("/v1/libraries/papers/search", "{\"query\":\"first\"}").json();
        assertThat(found.path("results")).isEmpty();
        assertThat(api.get("/v1/libraries/" + bystander + "/documents/" + kept).status())
            .isEqualTo(200);
        assertThat(other.next().path("type").asText()).isEqualTo("system");
        var _ = api.document(bystander, "Later", "text");
        assertThat(other.next().at("/data/title").asText()).isEqualTo("Later");
      }
      http.shutdownNow();
    }
  }

  private static JsonNode json(LibraryApi api, String path) {
    try {
      return api.get(path).json();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hook(LibraryApi api, WebhookTarget target) throws Exception {
    String wanted =
        "{\"url\":\"" + target.url() + "\",\"events\":[\"*\"],\"library_id\":\"papers\"}";
    return "/v1/webhooks/" + api.post("/v1/webhooks", wanted).json().path("id").asText();
  }

  private static HttpRequest stream(TestServer server) {
    return HttpRequest.newBuilder(
            LibraryApi.uri(server.port(), "/v1/events/stream?library_id=papers"))
        .timeout(TestServer.PATIENCE)
        .build();
  }

  private static String documents(int many) {
    return "{\"library_id\":\"papers\",\"documents\":[{\"texts\":[\"x\"]}"
        + ",{\"texts\":[\"y\"]}".repeat(many - 1)
        + "]}";
  }

  /// The type of the last event; the stream ends after it.
  private static String lastEvent(Iterator<String> lines) {
    String last = "";
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith("event: ")) {
        last = line.substring(7);
      }
    }
    return last;
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What changes a library is told of, whatever it is and wherever it was asked for; who listened
/// and went is forgotten.
final class EveryEventIT {
  private static final int STREAMS = 10;

  @TempDir Path folder;

  private TestServer server;
  private LibraryApi api;
  private ApiContract messages;
  private String library;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open(folder);
    api = new LibraryApi(server.port());
    messages = new ApiContract(ApiContract.parse(server.get("/asyncapi.json").body()));
    library = api.library("Papers");
    path = "/v1/libraries/" + library;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Set<String> documented() {
    Set<String> types = new TreeSet<>();
    messages
        .schema("Event")
        .at("/properties/event_type/enum")
        .forEach(type -> types.add(type.asText()));
    return types;
  }

  @Test
  void everyTypeOfEventIsPublished() throws Exception {
    Set<String> documented = documented();
    ObjectNode wish = ApiContract.JSON.createObjectNode();
    documented.forEach(wish.putArray("events")::add);
    Set<String> told = new TreeSet<>();
    try (LibrarySocketClient client = new LibrarySocketClient(server.port(), library)) {
      client.ask("subscribe", "s", wish.put("since", 0));
      assertThat(client.answer("s").path("success").asBoolean()).isTrue();
      changeEverything();
      assertThat(api.delete(path).status()).isEqualTo(204);
      JsonNode message = client.next();
      while (!message.path("type").asText().equals("closed")) {
        if (message.path("type").asText().equals("event")) {
          messages.validate(messages.schema("Event"), message);
          assertThat(message.path("library_id").asText()).isEqualTo(library);
          told.add(message.path("event_type").asText());
        }
        message = client.next();
      }
    }
    assertThat(documented).hasSizeGreaterThanOrEqualTo(18);
    assertThat(told).isEqualTo(documented);
  }

  private void changeEverything() throws Exception {
    assertThat(api.patch(path, "{\"name\":\"Other\"}").status()).isEqualTo(200);
    String one = path + "/documents/" + api.document(library, "One", "text");
    assertThat(api.patch(one, "{\"title\":\"Two\"}").status()).isEqualTo(200);
    assertThat(api.delete(one).status()).isEqualTo(204);
    String kept = "{\"id\":\"kept\",\"text\":\"kept\"}";
    assertThat(api.post(path + "/documents", kept).status()).isEqualTo(201);
    String again = "{\"documents\":[" + kept + "," + kept + "]}";
    JsonNode failed = api.post(path + "/documents/batch", again).json();
    assertThat(failed.path("failed").asInt()).isEqualTo(2);
    try (StreamClient stream = StreamClient.open(server.port())) {
      stream.init(library);
      stream.send(stream.observation(1, "m1"));
      assertThat(stream.next("ack").path("status").asText()).isEqualTo("accepted");
    }
    // Jobs of all types: some are completed, one fails, one is cancelled.
    new JobCalls(api).useAll(library);
  }

  @Test
  void eventStreamsThatBreakAreForgotten() throws Exception {
    int before = subscribers();
    List<HttpClient> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      HttpClient client = HttpClient.newHttpClient();
      clients.add(client);
      String query = i % 2 == 0 ? "?library_id=" + library : "";
      HttpRequest request =
          HttpRequest.newBuilder(LibraryApi.uri(server.port(), "/v1/events/stream" + query))
              .timeout(TestServer.PATIENCE)
              .build();
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      // The first line comes once somebody listens.
      assertThat(answer.body().read()).isEqualTo('r');
    }
    Eventually.until("they are counted", () -> subscribers() >= before + STREAMS / 2);
    clients.forEach(HttpClient::shutdownNow);
    Eventually.until("they are forgotten", () -> subscribers() == before);
    var _ = api.document(library, "After", "text");
    assertThat(api.get("/v1/events/stats").json().path("total_errors").asInt()).isZero();
    clients.forEach(HttpClient::close);
  }

  private int subscribers() {
    try {
      return api.get("/v1/events/stats").json().path("subscriber_count").asInt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

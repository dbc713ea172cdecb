package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The socket of a library, each message held against `/asyncapi.json`, and the other ways to hear
/// of changes.
class LibrarySocketIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;
  private ApiContract messages;
  private String library;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open(folder);
    api = new LibraryApi(server.port());
    messages = new ApiContract(JSON.readTree(server.get("/asyncapi.json").body()));
    library = api.library("Papers");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private LibrarySocketClient connect() throws Exception {
    LibrarySocketClient client = new LibrarySocketClient(server.port(), library);
    JsonNode welcome = client.next();
    assertThat(welcome.get("message").asText()).isEqualTo("Connected to library " + library);
    messages.validate(messages.schema("System"), welcome);
    return client;
  }

  private static ObjectNode data() {
    return JSON.createObjectNode();
  }

  private JsonNode ask(LibrarySocketClient client, String action, ObjectNode data)
      throws Exception {
    ObjectNode request = data().put("action", action).put("request_id", "q-" + action);
    if (!action.equals("nonsense")) {
      messages.validate(messages.schema("Request"), request.set("data", data));
    }
    client.ask(action, "q-" + action, data);
    JsonNode answer = client.answer("q-" + action);
    messages.validate(messages.schema("Response"), answer);
    return answer;
  }

  @Test
  void answersEveryAction() throws Exception {
    try (LibrarySocketClient client = connect()) {
      ObjectNode metadata = data().put("author", "Ann").put("year", 2020);
      JsonNode added =
          ask(
                  client,
                  "add",
                  data()
                      .put("title", "Stars")
                      .put("text", "Stars fuse hydrogen.")
                      .set("metadata", metadata))
              .at("/data/document");
      assertThat(added.get("num_chunks").asInt()).isEqualTo(1);
      messages.validate(messages.schema("Event"), client.event("document.added"));
      ObjectNode id = data().put("document_id", added.get("id").asText());
      JsonNode document = ask(client, "get", id).at("/data/document");
      assertThat(document.get("text").asText()).isEqualTo("Stars fuse hydrogen.");
      assertThat(document.at("/metadata/author").asText()).isEqualTo("Ann");
      ObjectNode question = data().put("query_text", "hydrogen").put("mode", "words");
      assertThat(ask(client, "search", question).at("/data/results/0/text").asText())
          .isEqualTo("Stars fuse hydrogen.");
      assertThat(ask(client, "subscribe", data()).at("/data/offset").asLong()).isPositive();
      assertThat(ask(client, "delete", id).at("/data/message").asText())
          .isEqualTo("Document deleted");
      JsonNode gone = client.event("document.deleted");
      assertThat(gone.at("/data/document_id")).isEqualTo(id.get("document_id"));
      assertThat(ask(client, "delete", id).get("error").asText()).isEqualTo("Document not found");
      assertThat(ask(client, "nonsense", data()).get("error").asText())
          .isEqualTo("Unknown action: nonsense");
    }
  }

  @Test
  void staysOpenWhateverIsSaid() throws Exception {
    try (LibrarySocketClient client = connect()) {
      for (String frame :
          List.of(
              "not json",
              "[]",
              "7",
              "{}",
              "{\"action\":\"get\",\"data\":{}}",
              "{\"action\":\"get\",\"request_id\":7,\"data\":{}}",
              "{\"a\":" + "[".repeat(5_000))) {
        client.send(frame);
        JsonNode error = client.next();
        messages.validate(messages.schema("Error"), error);
        assertThat(error.get("error").asText()).isEqualTo("Invalid message format");
        assertThat(error.get("request_id").isNull()).isTrue();
      }
      client.send("{\"action\":\"get\",\"request_id\":\"known\"}");
      assertThat(client.next().get("request_id").asText()).isEqualTo("known");
      client.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true).join();
      assertThat(client.next().get("error").asText()).isEqualTo("Invalid message format");
      for (String action : List.of("add", "get", "delete", "search")) {
        client.ask(action, "empty", data());
        assertThat(client.answer("empty").get("error").asText()).endsWith("is required");
      }
    }
  }

  @Test
  void answersBeforeItTellsWhatTheAnswerCaused() throws Exception {
    try (LibrarySocketClient client = connect();
        LibrarySocketClient other = connect()) {
      int many = 100;
      for (int i = 0; i < many; i++) {
        client.ask("add", "r" + i, data().put("title", "r" + i).put("text", "text " + i));
      }
      List<String> answered = new ArrayList<>();
      List<Long> offsets = new ArrayList<>();
      while (offsets.size() < many) {
        JsonNode message = client.next();
        if (message.get("type").asText().equals("response")) {
          assertThat(message.get("success").asBoolean()).isTrue();
          answered.add(message.get("request_id").asText());
        } else {
          assertThat(answered).contains(message.at("/data/title").asText());
          offsets.add(message.get("offset").asLong());
        }
      }
      assertThat(answered).hasSize(many).doesNotHaveDuplicates();
      assertThat(offsets).isSorted().doesNotHaveDuplicates();
      for (long offset : offsets) {
        assertThat(other.next().get("offset").asLong()).isEqualTo(offset);
      }
    }
  }

  @Test
  void tellsTheSameEverywhere() throws Exception {
    String first = api.document(library, "First", "one");
    long since =
        api.get("/v1/libraries/" + library + "/changes").json().get("last_offset").asLong();
    var _ = api.document(library, "Second", "two");
    var _ = api.delete("/v1/documents/" + first);
    var _ = api.patch("/v1/libraries/" + library, "{\"name\":\"Other\"}");
    List<String> expected = List.of("document.added", "document.deleted", "library.updated");
    List<Long> offsets = new ArrayList<>();

    try (LibrarySocketClient client = connect()) {
      client.ask("subscribe", "s", data().put("since", since));
      assertThat(client.next().get("type").asText()).isEqualTo("response");
      for (String type : expected) {
        JsonNode event = client.next();
        assertThat(event.get("event_type").asText()).isEqualTo(type);
        offsets.add(event.get("offset").asLong());
      }
    }
    String changes = "/v1/libraries/" + library + "/changes?since=" + since;
    List<Long> lines = new ArrayList<>();
    for (String line :
        api.get(changes, "Accept", "application/x-ndjson").text().strip().split("\n", -1)) {
      lines.add(JSON.readTree(line).get("offset").asLong());
    }
    List<Long> pages = new ArrayList<>();
    api.get(changes).json().get("changes").forEach(one -> pages.add(one.get("offset").asLong()));
    List<String> ids = new ArrayList<>();
    try (EventStream stream = stream("?library_id=" + library, Long.toString(since))) {
      expected.forEach(type -> ids.add(stream.id(type)));
    }

    assertThat(lines).isEqualTo(offsets);
    assertThat(pages).isEqualTo(offsets);
    assertThat(ids).isEqualTo(offsets.stream().map(String::valueOf).toList());
  }

  @Test
  void resumesTheStreamOfAllLibraries() throws Exception {
    String other = api.library("Second");
    List<String> ids = new ArrayList<>();
    try (EventStream stream = stream("?event_types=document.*", "0")) {
      for (int i = 0; i < 3; i++) {
        var _ = api.document(library, "A" + i, "text");
        ids.add(stream.id("document.added"));
        var _ = api.document(other, "B" + i, "text");
        ids.add(stream.id("document.added"));
      }
    }
    var _ = api.document(library, "C", "text");
    try (EventStream stream = stream("?event_types=document.*", ids.get(2))) {
      assertThat(List.of(stream.id("document.added"), stream.id("document.added")))
          .isEqualTo(ids.subList(3, 5));
      assertThat(stream.id("document.added")).isEqualTo(ids.get(5));
      assertThat(ids).doesNotContain(stream.id("document.added")).doesNotHaveDuplicates();
    }
  }

  private EventStream stream(String query, String last) throws Exception {
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(LibraryApi.uri(server.port(), "/v1/events/stream" + query))
                    .header("Last-Event-ID", last)
                    .build(),
                BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
    return new EventStream(
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
  }

  /// Reads server-sent events.
  private record EventStream(BufferedReader reader) implements AutoCloseable {
    /// The id of the next event, which has that type.
    String id(String type) {
      String id = "";
      try {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("event: ")) {
            assertThat(line.substring(7)).isEqualTo(type);
          } else if (line.startsWith("data: ")) {
            return id;
          }
        }
      } catch (java.io.IOException e) {
        throw new AssertionError("the stream broke", e);
      }
      throw new AssertionError("the stream ended");
    }

    @Override
    public void close() throws java.io.IOException {
      reader.close();
    }
  }

  @Test
  void countsAndForgetsSockets() throws Exception {
    LibrarySocketClient client = connect();
    assertThat(api.get("/v1/websockets/stats").json().at("/subscriptions_by_library/" + library))
        .hasToString("1");
    client.close();
    Eventually.until(
        "the socket is forgotten",
        () -> {
          try {
            return api.get("/v1/websockets/stats").json().get("total_connections").asInt() == 0;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void tellsSocketsThatTheirLibraryIsDeleted() throws Exception {
    try (LibrarySocketClient client = connect()) {
      assertThat(api.delete("/v1/libraries/" + library).status()).isEqualTo(204);
      assertThat(client.next().get("event_type").asText()).isEqualTo("library.deleted");
      assertThat(client.next().get("code").asInt()).isEqualTo(1000);
    }
    assertThatThrownBy(() -> new LibrarySocketClient(server.port(), library))
        .hasStackTraceContaining("404");
  }

  @Test
  void boundsAClientThatDoesNotRead() throws Exception {
    server.close();
    server =
        TestServer.open(
            folder,
            config ->
                config.withEdge(
                    config
                        .edge()
                        .withSockets(
                            TestServer.sockets(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(120),
                                Duration.ofMillis(500)))));
    api = new LibraryApi(server.port());
    String big = api.document(library, "Big", "word ".repeat(2_000));
    try (RawSocket slow = new RawSocket(server.port(), 4_096);
        LibrarySocketClient fast = connect()) {
      slow.send(
          """
          GET /v1/libraries/%s/ws HTTP/1.1\r
          Host: 127.0.0.1\r
          Connection: Upgrade\r
          Upgrade: websocket\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          \r
          """
              .formatted(library));
      assertThat(slow.head()).startsWith("HTTP/1.1 101 ");
      byte[] ask =
          ("{\"action\":\"get\",\"request_id\":\"b\",\"data\":{\"document_id\":\"" + big + "\"}}")
              .getBytes(StandardCharsets.UTF_8);
      Eventually.until(
          "the slow client is cut off",
          () -> {
            try {
              slow.frame(RawSocket.TEXT, true, ask);
            } catch (java.io.IOException _) {
              return true; // it was cut off
            }
            try {
              return api.get("/v1/websockets/stats").json().get("total_connections").asInt() == 1;
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      var _ = api.document(library, "After", "text");
      assertThat(fast.event("document.added").at("/data/title").asText()).isEqualTo("After");
    }
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `chunk.added` and `chunk.deleted` over the wire: to who names them, the same on every way, from
/// every cursor on.
final class ChunkFeedIT {
  private static final List<String> TYPES =
      List.of(
          "chunk.added", "chunk.deleted", "document.added", "document.updated", "document.deleted");

  @TempDir Path folder;

  private TestServer server;
  private LibraryApi api;
  private ApiContract messages;
  private String library;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open(folder);
    api = new LibraryApi(server.port());
    messages = new ApiContract(ApiContract.parse(server.get("/asyncapi.json").body()));
    library = api.library("Papers");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// What is the same on every way.
  private record Told(String type, long offset, int count) {
    static Told of(String type, long offset, JsonNode data) {
      return new Told(type, offset, data.path("count").asInt());
    }

    static Told of(JsonNode event) {
      return of(
          event.path("event_type").asText(), event.path("offset").asLong(), event.path("data"));
    }
  }

  private static ObjectNode wish() {
    ObjectNode wish = ApiContract.JSON.createObjectNode();
    TYPES.forEach(wish.putArray("events")::add);
    return wish;
  }

  @Test
  void tellsTheSameOnEveryWayFromEveryCursorOn() throws Exception {
    List<Told> told = new ArrayList<>();
    try (LibrarySocketClient asks = new LibrarySocketClient(server.port(), library);
        LibrarySocketClient doesNot = new LibrarySocketClient(server.port(), library)) {
      asks.ask("subscribe", "s", wish());
      assertThat(asks.answer("s").path("success").asBoolean()).isTrue();
      ObjectNode document = ApiContract.JSON.createObjectNode().put("title", "D");
      document.putArray("texts").add("one").add("two");
      asks.ask("add", "a", document);
      JsonNode answer = asks.next(message -> !message.path("type").asText().equals("system"));
      assertThat(answer.path("request_id").asText()).as("before the events").isEqualTo("a");
      String path =
          "/v1/libraries/" + library + "/documents/" + answer.at("/data/document/id").asText();
      assertThat(api.patch(path, "{\"texts\":[\"three\",\"four\",\"five\"]}").status())
          .isEqualTo(200);
      assertThat(api.delete(path).status()).isEqualTo(204);
      while (told.size() < 7) {
        JsonNode event = asks.next();
        messages.validate(messages.schema("Event"), event);
        told.add(Told.of(event));
      }
      for (String type : List.of("document.added", "document.updated", "document.deleted")) {
        JsonNode event = doesNot.next(message -> !message.path("type").asText().equals("system"));
        assertThat(event.path("event_type").asText()).isEqualTo(type);
      }
    }
    assertThat(told)
        .extracting(one -> one.type + " " + one.count)
        .containsExactly(
            "chunk.added 2",
            "document.added 0",
            "chunk.deleted 2",
            "chunk.added 3",
            "document.updated 0",
            "chunk.deleted 3",
            "document.deleted 0");
    assertThat(told).extracting(Told::offset).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < told.size() - 1; i++) {
      long since = told.get(i).offset;
      List<Told> rest = told.subList(i + 1, told.size());
      assertThat(socket(since, rest.size())).as("socket since %s", since).isEqualTo(rest);
      assertThat(stream(since, rest.size())).as("stream since %s", since).isEqualTo(rest);
      assertThat(pages(since)).as("pages since %s", since).isEqualTo(rest);
      assertThat(lines(since)).as("lines since %s", since).isEqualTo(rest);
    }
  }

  private List<Told> socket(long since, int many) throws Exception {
    try (LibrarySocketClient client = new LibrarySocketClient(server.port(), library)) {
      client.ask("subscribe", "s", wish().put("since", since));
      assertThat(client.answer("s").path("success").asBoolean()).isTrue();
      List<Told> told = new ArrayList<>();
      while (told.size() < many) {
        JsonNode event = client.next(message -> message.path("type").asText().equals("event"));
        told.add(Told.of(event));
      }
      return told;
    }
  }

  private List<Told> stream(long since, int many) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                LibraryApi.uri(
                    server.port(),
                    "/v1/events/stream?library_id="
                        + library
                        + "&event_types="
                        + String.join(",", TYPES)))
            .timeout(TestServer.PATIENCE)
            .header("Last-Event-ID", Long.toString(since))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> answer = http.send(request, BodyHandlers.ofLines());
      List<Told> told = new ArrayList<>();
      try (Stream<String> lines = answer.body()) {
        String type = "";
        long offset = 0;
        Iterator<String> line = lines.iterator();
        while (told.size() < many && line.hasNext()) {
          String text = line.next();
          if (text.startsWith("id: ")) {
            offset = Long.parseLong(text.substring(4));
          } else if (text.startsWith("event: ")) {
            type = text.substring(7);
          } else if (text.startsWith("data: ")) {
            JsonNode data = ApiContract.parse(text.substring(6));
            told.add(Told.of(type, offset, data));
          }
        }
      }
      http.shutdownNow();
      return told;
    }
  }

  private String changes(long since) {
    return "/v1/libraries/"
        + library
        + "/changes?since="
        + since
        + "&event_types="
        + String.join(",", TYPES);
  }

  /// One event a page.
  private List<Told> pages(long since) throws Exception {
    List<Told> told = new ArrayList<>();
    long cursor = since;
    JsonNode page;
    do {
      page = api.get(changes(cursor) + "&limit=1").json();
      page.path("changes").forEach(event -> told.add(Told.of(event)));
      cursor = page.path("next_since").asLong();
    } while (page.path("has_more").asBoolean());
    return told;
  }

  private List<Told> lines(long since) throws Exception {
    return api.get(changes(since), "Accept", "application/x-ndjson")
        .text()
        .lines()
        .map(line -> Told.of(ApiContract.parse(line)))
        .toList();
  }

  @Test
  void tellsThemOfAllLibrariesToo() throws Exception {
    String query = "/v1/events/stream?event_types=chunk.added,document.deleted";
    HttpRequest request =
        HttpRequest.newBuilder(LibraryApi.uri(server.port(), query))
            .timeout(TestServer.PATIENCE)
            .header("Last-Event-ID", "0")
            .build();
    String first = api.document(library, "First", "one");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> answer = http.send(request, BodyHandlers.ofLines());
      List<String> types = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      try (Stream<String> lines = answer.body()) {
        Iterator<String> line = lines.iterator();
        while (types.size() < 3 && line.hasNext()) {
          String text = line.next();
          if (text.startsWith("id: ")) {
            ids.add(text);
          } else if (text.startsWith("event: ")) {
            types.add(text.substring(7));
            if (types.size() == 1) { // the rest happens while it streams
              assertThat(api.delete("/v1/documents/" + first).status()).isEqualTo(204);
              var _ = api.document(library, "Second", "two");
            }
          }
        }
      }
      http.shutdownNow();
      assertThat(types).containsExactly("chunk.added", "document.deleted", "chunk.added");
      assertThat(ids).doesNotHaveDuplicates();
    }
  }
}

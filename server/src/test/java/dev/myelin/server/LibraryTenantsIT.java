package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two tenants with a library and a document of the same ids, and what scopes open there.
@Timeout(240)
class LibraryTenantsIT {
  private static final String ROOT = "correct-horse-battery-staple";
  private static final String NOTES = "/v1/libraries/notes";

  @TempDir private Path folder;

  private TestServer server;
  private Admin root;
  private Admin one;
  private Admin two;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.open(
            folder,
            config -> config.withEdge(config.edge().withAccess(new Access(ROOT, List.of()))));
    root = new Admin(server.port(), ROOT);
    one = root.with(root.tenant("one").key());
    two = root.with(root.tenant("two").key());
    library(one, "notes");
    library(two, "notes");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void library(Admin who, String id) throws Exception {
    var _ = who.json("POST", "/v1/libraries", "{\"id\":\"" + id + "\",\"name\":\"A library\"}");
  }

  private static String document(String id, String title) {
    return "{\"id\":\""
        + id
        + "\",\"title\":\""
        + title
        + "\",\"chunks\":[{\"text\":\""
        + title
        + "\",\"embedding\":[1,0,0]}]}";
  }

  private static void add(Admin who, String library, String id, String title) throws Exception {
    String path = "/v1/libraries/" + library + "/documents/with-embeddings";
    var _ = who.json("POST", path, document(id, title));
  }

  private static List<String> values(JsonNode list, String pointer) {
    List<String> values = new ArrayList<>();
    list.forEach(item -> values.add(item.at(pointer).asText()));
    return values;
  }

  @Test
  void sameIdsAreOtherThingsOverRest() throws Exception {
    library(two, "diary");
    add(one, "notes", "first", "one wrote");
    add(two, "notes", "first", "two wrote");
    add(two, "diary", "second", "two alone");

    assertThat(values(one.json("GET", "/v1/libraries", ""), "/id")).containsExactly("notes");
    assertThat(values(two.json("GET", "/v1/libraries", ""), "/id"))
        .containsExactlyInAnyOrder("notes", "diary");
    assertThat(root.json("GET", "/v1/libraries", "")).isEmpty();
    assertThat(one.json("GET", "/v1/documents/first", "").get("title").asText())
        .isEqualTo("one wrote");
    assertThat(values(one.json("GET", NOTES + "/documents", ""), "/title"))
        .containsExactly("one wrote");
    JsonNode found = one.json("POST", NOTES + "/search/embedding", "{\"embedding\":[1,0,0]}");
    assertThat(values(found.get("results"), "/text")).containsExactly("one wrote");
    assertThat(one.send("GET", NOTES + "/changes", "").body())
        .contains("document.")
        .doesNotContain("two");
    assertThat(one.send("GET", NOTES + "/documents/stream", "").body()).doesNotContain("two");

    for (String path :
        List.of("/v1/libraries/diary", "/v1/libraries/diary/changes", "/v1/documents/second")) {
      assertThat(one.status("GET", path)).as(path).isEqualTo(404);
      assertThat(root.status("GET", path)).as(path).isEqualTo(404);
    }
    assertThat(one.status("DELETE", "/v1/documents/second")).isEqualTo(404);
    assertThat(
            one.json("DELETE", "/v1/documents/batch", "{\"document_ids\":[\"second\"]}")
                .get("failed")
                .asInt())
        .isEqualTo(1);
    assertThat(one.status("DELETE", NOTES)).isEqualTo(204);
    assertThat(two.json("GET", "/v1/documents/first", "").get("title").asText())
        .isEqualTo("two wrote");
    assertThat(two.status("GET", "/v1/documents/second")).isEqualTo(200);
  }

  @Test
  void repeatedRequestsOfTwoTenantsAreTwo() throws Exception {
    for (Admin who : List.of(one, two)) {
      HttpResponse<String> made =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(LibraryApi.uri(server.port(), "/v1/libraries"))
                      .header("X-API-Key", who.key())
                      .header("Idempotency-Key", "the same")
                      .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"Another\"}"))
                      .build(),
                  BodyHandlers.ofString());
      assertThat(made.statusCode()).isEqualTo(201);
      assertThat(made.headers().firstValue("idempotency-replayed")).isEmpty();
    }
    assertThat(two.json("GET", "/v1/libraries", "")).hasSize(2);
  }

  @Test
  void aSocketHearsAndChangesItsOwnTenantOnly() throws Exception {
    add(one, "notes", "own", "one before");
    add(two, "notes", "hidden", "two wrote");
    try (LibrarySocketClient a = socket(one);
        LibrarySocketClient b = socket(two)) {
      assertThat(sockets(two)).isEqualTo(1);
      a.ask("get", "1", ApiContract.JSON.createObjectNode().put("document_id", "hidden"));
      assertThat(a.answer("1").get("error").asText()).isEqualTo("Document not found");
      ObjectNode search = ApiContract.JSON.createObjectNode();
      search.putArray("embedding").add(1).add(0).add(0);
      a.ask("search", "2", search);
      assertThat(a.answer("2").toString()).contains("one before").doesNotContain("two");

      add(two, "notes", "first", "two again");
      add(one, "notes", "first", "one wrote");

      assertThat(a.next(message -> message.path("type").asText().equals("event")).toString())
          .contains("one wrote")
          .doesNotContain("two");
      assertThat(b.next(message -> message.path("type").asText().equals("event")).toString())
          .contains("two again");
    }
  }

  /// How many are open, as far as somebody may know.
  private static int sockets(Admin who) {
    try {
      return who.json("GET", "/v1/websockets/stats", "").get("total_connections").asInt();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private LibrarySocketClient socket(Admin who) {
    return new LibrarySocketClient(server.port(), "notes", who.key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?library_id=notes"})
  void anEventStreamHearsItsOwnTenantOnly(String query) throws Exception {
    try (Events a = events(one, query, "")) {
      add(two, "notes", "first", "two wrote");
      add(one, "notes", "first", "one wrote");

      assertThat(String.valueOf(a.next())).contains("one wrote").doesNotContain("two wrote");
    }
    try (Events past = events(one, query, "0")) {
      List<String> heard = new ArrayList<>();
      while (heard.stream().noneMatch(text -> text.contains("one wrote"))) {
        heard.add(String.valueOf(past.next()));
      }
      assertThat(heard).noneMatch(text -> text.contains("two wrote"));
    }
  }

  private Events events(Admin who, String query, String last) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(LibraryApi.uri(server.port(), "/v1/events/stream" + query))
            .header("X-API-Key", who.key());
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new Events(
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
  }

  /// Reads server-sent events.
  private record Events(BufferedReader reader) implements AutoCloseable {
    /// The next event, null if the stream was cut.
    @Nullable JsonNode next() {
      try {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (line.startsWith("data: ")) {
            return ApiContract.parse(line.substring(6));
          }
        }
      } catch (IOException _) {
        // Cut.
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  // ---- scopes

  @Test
  void aReaderChangesNothing() throws Exception {
    add(one, "notes", "first", "one wrote");
    Admin reader = one.with(one.key("read").secret());

    for (String path :
        List.of(
            "/v1/libraries",
            NOTES,
            NOTES + "/statistics",
            NOTES + "/documents/first",
            NOTES + "/changes",
            "/v1/documents/first")) {
      assertThat(reader.status("GET", path)).as(path).isEqualTo(200);
    }
    assertThat(
            reader
                .send("POST", NOTES + "/search/embedding", "{\"embedding\":[1,0,0]}")
                .statusCode())
        .isEqualTo(200);
    assertDenied(reader, "POST", "/v1/libraries", "{\"name\":\"Another\"}");
    assertDenied(reader, "PATCH", NOTES, "{\"name\":\"Another\"}");
    assertDenied(reader, "POST", NOTES + "/documents/with-embeddings", document("a", "a"));
    assertDenied(reader, "POST", NOTES + "/documents/stream", document("a", "a"));
    assertDenied(reader, "DELETE", NOTES + "/documents/first", "");
    assertDenied(reader, "DELETE", "/v1/documents/first", "");
    assertDenied(reader, "DELETE", "/v1/documents/batch", "{\"document_ids\":[\"first\"]}");
    try (LibrarySocketClient socket = socket(reader)) {
      socket.ask("get", "1", ApiContract.JSON.createObjectNode().put("document_id", "first"));
      assertThat(socket.answer("1").get("success").asBoolean()).isTrue();
      socket.ask("delete", "2", ApiContract.JSON.createObjectNode().put("document_id", "first"));
      assertThat(socket.answer("2").get("error").asText()).contains("may not write");
      socket.ask("add", "3", ApiContract.JSON.readTree(document("a", "a")));
      assertThat(socket.answer("3").get("error").asText()).contains("may not write");
    }
    assertThat(one.status("GET", NOTES + "/documents/first")).isEqualTo(200);
  }

  private static void assertDenied(Admin who, String method, String path, String body)
      throws Exception {
    HttpResponse<String> answer = who.send(method, path, body);
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(403);
    assertThat(ApiContract.parse(answer.body()).get("error_type").asText())
        .isEqualTo("PermissionDeniedError");
  }

  @Test
  void aWriterDropsNoLibraryAndKeepsItsHandsOffIndexes() throws Exception {
    Admin writer = one.with(one.key("write").secret());

    library(writer, "diary");
    add(writer, "diary", "first", "a writer wrote");
    assertDenied(writer, "POST", "/v1/libraries/diary/index/rebuild", "");
    assertDenied(writer, "POST", "/v1/libraries/diary/index/optimize", "");
    assertDenied(writer, "DELETE", "/v1/libraries/diary", "");
    assertThat(writer.status("DELETE", "/v1/documents/first")).isEqualTo(204);
    assertThat(one.status("POST", "/v1/libraries/diary/index/optimize")).isEqualTo(200);
    assertThat(one.status("DELETE", "/v1/libraries/diary")).isEqualTo(204);
  }

  @Test
  void aKeyOfOneLibraryKnowsOfNoOther() throws Exception {
    library(one, "diary");
    add(one, "diary", "secret", "dear diary");
    add(one, "notes", "first", "one wrote");
    Admin narrow = one.with(one.key("write:notes", "write:later").secret());

    assertThat(values(narrow.json("GET", "/v1/libraries", ""), "/id")).containsExactly("notes");
    assertDenied(narrow, "GET", "/v1/libraries/diary", "");
    assertDenied(narrow, "GET", "/v1/libraries/absent", "");
    assertDenied(narrow, "GET", "/v1/events/stream?library_id=diary", "");
    assertThat(narrow.status("GET", "/v1/documents/secret")).isEqualTo(404);
    assertThat(narrow.status("DELETE", "/v1/documents/secret")).isEqualTo(404);
    assertThat(narrow.status("GET", "/v1/documents/first")).isEqualTo(200);
    assertDenied(narrow, "POST", "/v1/libraries", "{\"name\":\"Another\"}");
    assertDenied(narrow, "POST", "/v1/libraries", "{\"id\":\"other\",\"name\":\"Another\"}");
    library(narrow, "later");
    assertThatThrownBy(() -> new LibrarySocketClient(server.port(), "diary", narrow.key()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
    try (Events events = events(narrow, "", "")) {
      add(one, "diary", "another", "dear diary again");
      add(one, "notes", "second", "one again");
      assertThat(String.valueOf(events.next())).contains("one again");
    }
  }

  @Test
  void figuresOfAllTenantsAndBackupsAreForWhoeverRunsTheServer() throws Exception {
    assertDenied(one, "GET", "/v1/events/stats", "");
    assertDenied(one, "POST", "/v1/admin/backup", "");
    assertThat(root.status("GET", "/v1/events/stats")).isEqualTo(200);
    assertThat(root.status("POST", "/v1/admin/backup")).isEqualTo(201);
  }

  // ---- keys that die

  @Test
  void aRevokedKeyCutsSocketsAndEventStreams() throws Exception {
    Admin.Key key = one.key("read");
    Admin reader = one.with(key.secret());
    try (LibrarySocketClient socket = socket(reader);
        LibrarySocketClient stays = socket(one);
        Events ofOne = events(reader, "?library_id=notes", "");
        Events ofAll = events(reader, "", "")) {
      assertThat(socket.next().get("type").asText()).isEqualTo("system");
      assertThat(one.status("DELETE", "/v1/admin/keys/" + key.id())).isEqualTo(204);

      assertThat(socket.next().get("error").asText()).isEqualTo("Unauthenticated");
      JsonNode end = socket.next();
      assertThat(end.get("type").asText()).isEqualTo("closed");
      assertThat(end.get("code").asInt()).isEqualTo(1008);
      assertThat(ofOne.next()).isNull();
      assertThat(ofAll.next()).isNull();
      assertThat(reader.status("GET", NOTES)).isEqualTo(401);
      Eventually.until("its place is free", () -> sockets(one) == 1);
      add(one, "notes", "first", "one wrote");
      assertThat(stays.event("document.added").toString()).contains("one wrote");
    }
  }
}

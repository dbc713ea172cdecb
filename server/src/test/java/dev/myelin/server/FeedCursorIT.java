package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cursors over the wire: those that are older than what is kept, and events that are only told to
/// who asks for them.
final class FeedCursorIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "MYELIN_EMBEDDING_PROVIDER",
          "none",
          "MYELIN_FEED_MAX_EVENTS",
          "5",
          "MYELIN_FEED_TRIM_INTERVAL",
          "100ms");

  @TempDir Path data;

  private ServerProcess server;
  private LibraryApi api;
  private String library;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.start(data, SETTINGS);
    api = new LibraryApi(server.port());
    library = api.library("Papers");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String changes(long since) {
    return "/v1/libraries/" + library + "/changes?since=" + since;
  }

  @Test
  void saysOnEveryWayWhereToBeginAnewWhenACursorIsTooOld() throws Exception {
    for (int i = 0; i < 20; i++) {
      var _ = api.document(library, "D" + i, "text");
    }
    Eventually.until("only the newest are kept", () -> kept() == 5);

    LibraryApi.Answer gone = api.get(changes(1));
    long oldest = gone.json().path("oldest_offset").asLong();
    assertThat(gone.json().path("error_type").asText()).isEqualTo("GoneError");
    assertThat(oldest).isGreaterThan(1);
    LibraryApi.Answer stream =
        api.get("/v1/events/stream?library_id=" + library, "last-event-id", "1");
    assertThat(stream.status()).isEqualTo(410);
    assertThat(stream.json().path("oldest_offset").asLong()).isEqualTo(oldest);
    try (LibrarySocketClient client = new LibrarySocketClient(server.port(), library)) {
      client.ask("subscribe", "s", ApiContract.JSON.createObjectNode().put("since", 1));
      JsonNode answer = client.answer("s");
      assertThat(answer.path("success").asBoolean()).isFalse();
      assertThat(answer.path("error").asText()).contains("the oldest offset is " + oldest);
    }
    // Who begins anew, from the oldest or from what is kept, misses nothing of that.
    JsonNode kept = api.get(changes(oldest)).json();
    assertThat(kept.path("changes")).hasSize(5);
    assertThat(api.get(changes(0)).json().path("changes")).isEqualTo(kept.path("changes"));
  }

  private int kept() {
    try {
      return api.get(changes(0)).json().path("changes").size();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tellsStreamedMemoriesToWhoAsksForThem() throws Exception {
    ObjectNode wish = ApiContract.JSON.createObjectNode();
    wish.putArray("events").add("memory.added").add("document.added");
    try (LibrarySocketClient asks = new LibrarySocketClient(server.port(), library);
        LibrarySocketClient doesNot = new LibrarySocketClient(server.port(), library);
        StreamClient stream = StreamClient.open(server.port())) {
      asks.ask("subscribe", "s", wish);
      assertThat(asks.answer("s").path("success").asBoolean()).isTrue();
      stream.init(library);
      for (int i = 1; i <= 3; i++) {
        stream.send(stream.observation(i, "m" + i));
        assertThat(stream.next("ack").path("status").asText()).isEqualTo("accepted");
      }
      var _ = api.document(library, "After", "text");

      List<String> told = new ArrayList<>();
      while (told.size() < 3) {
        JsonNode event = asks.event("memory.added");
        event.at("/data/memories").forEach(memory -> told.add(memory.path("id").asText()));
      }
      assertThat(told).containsExactly("m1", "m2", "m3");
      assertThat(asks.event("document.added").at("/data/title").asText()).isEqualTo("After");
      doesNot.next(message -> message.path("type").asText().equals("system"));
      assertThat(doesNot.next().path("event_type").asText()).isEqualTo("document.added");
    }
  }
}

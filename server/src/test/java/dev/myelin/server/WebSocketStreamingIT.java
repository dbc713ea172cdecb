package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.stream.StreamConfig;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client of `/v1/stream` may rely on, item by item.
class WebSocketStreamingIT {
  private static final int MANY = 1_000;

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.open(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void acceptsAConnectionAndSaysWhatItCanDo() throws Exception {
    try (StreamClient client = server.stream()) {
      JsonNode answer = client.init("some-space");

      assertThat(UUID.fromString(answer.get("session_id").asText()).version()).isEqualTo(4);
      assertThat(answer.get("initial_sequence").asLong()).isZero();
      JsonNode able = answer.get("capabilities");
      assertThat(able.get("max_observations_per_second").asInt()).isEqualTo(100_000);
      assertThat(able.get("queue_capacity").asInt()).isEqualTo(160_000);
      assertThat(able.get("supports_backpressure").asBoolean()).isTrue();
      assertThat(able.get("supports_snapshot_isolation").asBoolean()).isTrue();
    }
  }

  @Test
  void acknowledgesAThousandObservationsInTheirOrder() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      for (int i = 1; i <= MANY; i++) {
        ObjectNode observation = client.observation(i, "episode-" + i);
        ((ObjectNode) observation.get("episode")).set("embedding", StreamClient.vector(i, 16));
        client.send(observation);
      }

      Instant last = Instant.EPOCH;
      for (int i = 1; i <= MANY; i++) {
        JsonNode ack = client.next("ack");
        assertThat(ack.get("sequence_number").asLong()).isEqualTo(i);
        assertThat(ack.get("status").asText()).isEqualTo("accepted");
        assertThat(ack.get("memory_id").asText()).isEqualTo("episode-" + i);
        Instant committed = Instant.parse(ack.get("committed_at").asText());
        assertThat(committed).isAfterOrEqualTo(last);
        last = committed;
      }
    }
  }

  @Test
  void recallsAnObservationTheMomentItIsAcknowledged() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      for (int i = 1; i <= 20; i++) {
        ObjectNode observation = client.observation(i, "episode-" + i);
        ((ObjectNode) observation.get("episode")).set("embedding", StreamClient.vector(i, 16));
        client.send(observation);
        client.next("ack");
        ObjectNode recall = StreamClient.message("recall").put("request_id", "q" + i);
        recall.put("max_results", 3).put("include_embeddings", true);
        recall.putObject("cue").set("embedding", StreamClient.vector(i, 16));
        client.send(recall);

        JsonNode answer = client.next("recall_result");
        assertThat(answer.get("request_id").asText()).isEqualTo("q" + i);
        assertThat(answer.get("more_results").asBoolean()).isFalse();
        JsonNode best = answer.get("results").get(0);
        assertThat(best.get("id").asText()).isEqualTo("episode-" + i);
        assertThat(best.get("content").asText()).isEqualTo("observation episode-" + i);
        assertThat(best.get("similarity").asDouble()).isGreaterThan(0.99);
        assertThat(best.get("embedding")).hasSize(16);
      }
    }
  }

  @Test
  void refusesAGapNamesBothNumbersAndUsesNothingUp() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      client.send(client.observation(5, "early"));

      JsonNode error = client.next("error");
      assertThat(error.get("message").asText()).contains("1", "5");
      assertThat(error.get("code").asText()).isEqualTo("sequence_gap");
      assertThat(error.get("sequence_number").asLong()).isEqualTo(5);
      assertThat(error.get("session_id").asText()).isEqualTo(client.session());
      observe(client, 1, "first");
    }
  }

  @Test
  void refusesADuplicateAndSaysWhichMemoryItBecame() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      observe(client, 1, "first");
      client.send(client.observation(1, "again"));

      JsonNode error = client.next("error");
      assertThat(error.get("code").asText()).isEqualTo("sequence_duplicate");
      assertThat(error.get("message").asText()).contains("2", "first");
      observe(client, 2, "second");
    }
  }

  @Test
  void rejectsObservationsWhilePausedAndGoesOnAfterResume() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      observe(client, 1, "first");
      client.flow("pause");
      assertThat(client.next("status").get("state").asText()).isEqualTo("PAUSED");

      client.send(client.observation(2, "refused"));
      JsonNode rejected = client.next("ack");
      assertThat(rejected.get("status").asText()).isEqualTo("rejected");
      assertThat(rejected.get("code").asText()).isEqualTo("session_paused");
      assertThat(rejected.get("reason").asText()).contains("resume");

      client.flow("resume");
      assertThat(client.next("status").get("state").asText()).isEqualTo("ACTIVE");
      observe(client, 3, "third");
    }
  }

  @Test
  void settlesEverythingBeforeADrainedClose() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      for (int i = 1; i <= 200; i++) {
        client.send(client.observation(i, "episode-" + i));
      }
      client.send(
          StreamClient.message("close").put("session_id", client.session()).put("drain", true));

      for (int i = 1; i <= 200; i++) {
        assertThat(client.next("ack").get("sequence_number").asLong()).isEqualTo(i);
      }
      JsonNode status = client.next("status");
      assertThat(status.get("state").asText()).isEqualTo("CLOSED");
      assertThat(status.get("last_sequence").asLong()).isEqualTo(200);
      assertThat(client.closeCode()).isEqualTo(1000);
    }
    Eventually.until("the session is gone", () -> server.server().sessions() == 0);
  }

  @Test
  void closesAtOnceWithoutADrain() throws Exception {
    try (StreamClient client = server.session("some-space")) {
      client.send(StreamClient.message("close").put("session_id", client.session()));

      assertThat(client.closeCode()).isEqualTo(1000);
    }
    Eventually.until("the session is gone", () -> server.server().sessions() == 0);
  }

  @Test
  void sendsHeartbeatsAtTheirInterval() throws Exception {
    Duration interval = Duration.ofMillis(300);
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
                                interval,
                                TestServer.PATIENCE,
                                TestServer.PATIENCE,
                                TestServer.PATIENCE))));
    try (StreamClient client = server.stream()) {
      JsonNode early = client.next("heartbeat");
      assertThat(early.get("session_id").isNull()).isTrue();
      client.init("some-space");

      List<Instant> times = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        JsonNode heartbeat = client.next("heartbeat");
        assertThat(heartbeat.get("session_id").asText()).isEqualTo(client.session());
        times.add(Instant.parse(heartbeat.get("timestamp").asText()));
      }
      for (int i = 1; i < times.size(); i++) {
        assertThat(Duration.between(times.get(i - 1), times.get(i)))
            .isGreaterThan(interval.dividedBy(2));
      }
    }
  }

  @Test
  void resumesASessionAfterADisconnect() throws Exception {
    String session;
    try (StreamClient client = server.session("some-space")) {
      session = client.session();
      observe(client, 1, "first");
      observe(client, 2, "second");
      client.socket().cut();
    }
    try (StreamClient client = server.stream()) {
      JsonNode answer = client.resume("some-space", session);

      assertThat(answer.get("session_id").asText()).isEqualTo(session);
      assertThat(answer.get("initial_sequence").asLong()).isEqualTo(2);
      observe(client, 3, "third");
    }
  }

  @Test
  void resumesASessionAfterARestart() throws Exception {
    String session;
    try (StreamClient client = server.session("some-space")) {
      session = client.session();
      observe(client, 1, "first");
      client.socket().cut();
    }
    server.restart();
    try (StreamClient client = server.stream()) {
      assertThat(client.resume("some-space", session).get("initial_sequence").asLong())
          .isEqualTo(1);
      observe(client, 2, "second");
      ObjectNode recall = StreamClient.message("recall").put("request_id", "all");
      recall.putObject("cue").put("text", "observation");
      client.send(recall);
      assertThat(client.next("recall_result").get("results").findValuesAsText("id"))
          .containsExactlyInAnyOrder("first", "second");
    }
  }

  @Test
  void opensANewSessionForAnUnknownOne() throws Exception {
    String unknown = UUID.randomUUID().toString();
    try (StreamClient client = server.stream()) {
      JsonNode answer = client.resume("some-space", unknown);

      assertThat(answer.get("session_id").asText()).isNotEqualTo(unknown);
      assertThat(answer.get("initial_sequence").asLong()).isZero();
    }
  }

  @Test
  void tellsAConnectionWhoseSessionAnotherOneTakesOver() throws Exception {
    try (StreamClient first = server.session("some-space");
        StreamClient second = server.stream()) {
      observe(first, 1, "first");
      second.resume("some-space", first.session());

      JsonNode error = first.next("error");
      assertThat(error.get("code").asText()).isEqualTo("session_taken_over");
      assertThat(first.closeCode()).isEqualTo(4009);
      second.send(second.observation(2, "second"));
      assertThat(second.next("ack").get("status").asText()).isEqualTo("accepted");
    }
  }

  @Test
  void leavesNothingBehindAfterAHundredConnections() throws Exception {
    int threads = serverThreads();
    List<StreamClient> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      StreamClient client = server.session("space-" + i % 7);
      clients.add(client);
      client.send(client.observation(1, "of-" + i));
    }
    assertThat(server.server().webSockets()).isEqualTo(100);
    assertThat(server.server().sessions()).isEqualTo(100);
    for (StreamClient client : clients) {
      assertThat(client.next("ack").get("status").asText()).isEqualTo("accepted");
      client.send(
          StreamClient.message("close").put("session_id", client.session()).put("drain", true));
    }
    for (StreamClient client : clients) {
      assertThat(client.closeCode()).isEqualTo(1000);
      client.close();
    }

    Eventually.until("no session", () -> server.server().sessions() == 0);
    Eventually.until("no WebSocket", () -> server.server().webSockets() == 0);
    Eventually.until("no connection", () -> server.server().connections() == 0);
    Eventually.until("no thread more than before", () -> serverThreads() <= threads + 2);
  }

  @Test
  void forgetsSessionsThatNobodyResumesInTime() throws Exception {
    server.close();
    server =
        TestServer.open(
            folder,
            config ->
                config.withStream(StreamConfig.DEFAULT.withIdleTimeout(Duration.ofMillis(200))));
    String session;
    try (StreamClient client = server.session("some-space")) {
      session = client.session();
      observe(client, 1, "first");
      client.socket().cut();
    }
    Eventually.until("the session has expired", () -> server.server().sessions() == 0);
    try (StreamClient client = server.stream()) {
      JsonNode answer = client.resume("some-space", session);
      assertThat(answer.get("session_id").asText()).isNotEqualTo(session);
    }
  }

  @Test
  void saysWhatIsWrongAndWhatToDoAndStaysOpen() throws Exception {
    try (StreamClient client = server.stream()) {
      assertError(client, "{oops", "Invalid JSON", "one JSON object per text frame");
      assertError(client, "{}", "Missing 'type' field");
      assertError(client, "{\"type\":\"hello\"}", "Unknown message type: \"hello\"");
      assertError(
          client,
          "{\"type\":\"observation\",\"sequence_number\":1,\"episode\":{\"what\":\"x\"}}",
          "init");
      assertError(client, "{\"type\":\"flow_control\",\"action\":\"pause\"}", "init");
      assertError(client, "{\"type\":\"init\",\"memory_space_id\":\"No!\"}", "memory_space_id");
      client.init("some-space");
      assertError(
          client, "{\"type\":\"flow_control\",\"action\":\"jump\"}", "Unknown flow control");
      assertError(
          client,
          "{\"type\":\"observation\",\"session_id\":\""
              + UUID.randomUUID()
              + "\",\"sequence_number\":1,\"episode\":{\"what\":\"x\"}}",
          client.session());
      assertError(client, "{\"type\":\"recall\"}", "missing field cue");
      observe(client, 1, "still-here");
    }
  }

  private static void assertError(StreamClient client, String text, String... parts)
      throws IOException {
    client.send(text);
    JsonNode error = client.next("error");
    assertThat(error.get("message").asText()).contains(parts);
    assertThat(error.get("code").asText()).isNotEmpty();
  }

  private static void observe(StreamClient client, long sequence, String id) throws IOException {
    client.send(client.observation(sequence, id));
    JsonNode ack = client.next("ack");
    assertThat(ack.get("status").asText()).as(ack.toString()).isEqualTo("accepted");
    assertThat(ack.get("sequence_number").asLong()).isEqualTo(sequence);
  }

  private static int serverThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
            .count();
  }
}

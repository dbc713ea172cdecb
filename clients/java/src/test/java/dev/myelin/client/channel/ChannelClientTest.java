package dev.myelin.client.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.library.ScriptedServer;
import dev.myelin.client.model.GoneException;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the client asks and how it takes answers, against a server that follows a script.
@Timeout(60)
class ChannelClientTest {
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT
          .withApiKey("a-key")
          .withRetry(
              new RetryPolicy(Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMinutes(1)));
  private static final String BUSY =
      "{\"status\":503,\"detail\":\"Full.\",\"error\":\"Overloaded\",\"retry_after_ms\":1}";
  private static final String DONE =
      "{\"id\":\"e1\",\"channel\":\"team:core\",\"offset\":7,\"epoch\":\"a\",\"duplicate\":true}";

  private ScriptedServer server;
  private ChannelClient client;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
    client = ChannelClient.connect(URI.create(server.address()), QUICK);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static String envelope(int offset) {
    return "{\"id\":\"e"
        + offset
        + "\",\"type\":\"team.activity\",\"channel\":\"team:core\",\"offset\":"
        + offset
        + ",\"timestamp\":\"2026-01-31T12:00:00.123Z\",\"correlation_id\":\"c\","
        + "\"payload\":{\"n\":"
        + offset
        + "}}";
  }

  private static String told(int offset) {
    return "id: " + offset + "\ndata: " + envelope(offset) + "\n\n";
  }

  private static String begun(String epoch, int after) {
    return "retry: 2000\n\ndata: {\"type\":\"channel.subscribed\",\"payload\":{\"epoch\":\""
        + epoch
        + "\",\"offset\":99,\"after\":"
        + after
        + "}}\n\n";
  }

  private static String page(int next, boolean more, String... events) {
    return "{\"epoch\":\"a\",\"events\":["
        + String.join(",", events)
        + "],\"next\":"
        + next
        + ",\"last_offset\":9,\"has_more\":"
        + more
        + "}";
  }

  @Test
  void whatIsPublishedIsSentAgainUnderItsId() {
    server.then(0, "").then(503, BUSY).then(201, DONE);

    Published published =
        client
            .channel("team:core")
            .publish(
                NewEvent.of("team.activity", Map.of("n", 1))
                    .withId("job-1")
                    .withCorrelationId("c1"));

    assertThat(published).isEqualTo(new Published("e1", "team:core", 7, "a", true));
    assertThat(server.asked()).hasSize(3);
    assertThat(server.asked())
        .allSatisfy(asked -> {
          assertThat(asked.target()).isEqualTo("/v1/channels/team/core/events");
          assertThat(asked.header("idempotency-key")).isEqualTo("job-1");
          assertThat(asked.header("authorization")).isEqualTo("Bearer a-key");
          assertThat(asked.body())
              .isEqualTo(
                  "{\"type\":\"team.activity\",\"payload\":{\"n\":1},\"correlation_id\":\"c1\"}");
        });
  }

  @Test
  void anEphemeralEventIsSentOnce() {
    server.then(503, BUSY).then(202, "{\"channel\":\"user:ann\",\"ephemeral\":true}");
    NewEvent typing = NewEvent.of("chat.typing", Map.of()).asEphemeral();

    assertThatThrownBy(() -> client.user("ann").publish(typing))
        .isInstanceOf(ProblemException.class);
    assertThat(client.user("ann").publish(typing).offset()).isZero();

    assertThat(server.asked()).hasSize(2);
    assertThat(server.asked().getFirst().target()).isEqualTo("/v1/channels/user/ann/events");
    assertThat(server.asked().getFirst().header("idempotency-key")).isEmpty();
    assertThat(server.asked().getFirst().body()).contains("\"ephemeral\":true");
  }

  @Test
  void aNameIsEscapedAndNeverEmpty() {
    server.then(200, page(0, false)).then(200, page(0, false));

    assertThat(client.channel("notifications").position()).isEqualTo(new Position("a", 9));
    var _ = client.channel("team:a/b:c").page(null, 3);

    assertThat(server.asked())
        .extracting(ScriptedServer.Asked::target)
        .containsExactly(
            "/v1/channels/notifications/events?limit=1",
            "/v1/channels/team/a%2Fb%3Ac/events?limit=3");
    assertThatThrownBy(() -> client.channel("team:")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void historyIsFetchedPageByPage() {
    server
        .then(200, page(2, true, envelope(1), envelope(2)))
        .then(200, page(3, false, envelope(3)));

    List<ChannelEvent> events = client.channel("team:core").history().toList();

    assertThat(events).extracting(ChannelEvent::offset).containsExactly(1L, 2L, 3L);
    assertThat(events.getFirst().payload()).isEqualTo(Map.of("n", 1));
    assertThat(events.getFirst().correlationId()).isEqualTo("c");
    assertThat(events.getFirst().at()).hasToString("2026-01-31T12:00:00.123Z");
    assertThat(server.asked().get(1).target()).endsWith("?after=2&epoch=a&limit=500");
  }

  @Test
  void aFollowerGoesOnBehindWhatItGaveLast() {
    server
        .then(200, begun("a", 3) + told(4) + ": still here\n\n" + told(5) + "id: 6\ndata: {")
        .then(503, BUSY)
        .then(200, begun("a", 5) + told(5) + told(6))
        .then(410, "{\"error\":\"Gone\",\"detail\":\"Made anew.\",\"oldest_offset\":0}");
    List<String> breaks = new ArrayList<>();

    try (ChannelFollower follower =
        client
            .channel("team:core")
            .follow(new Position("a", 3), (why, _) -> breaks.add(why.code()))) {
      assertThat(follower.next().offset()).isEqualTo(4);
      assertThat(follower.next().offset()).isEqualTo(5);
      assertThat(follower.next().offset()).isEqualTo(6);
      assertThat(follower.position()).isEqualTo(new Position("a", 6));
      assertThatThrownBy(follower::next).isInstanceOf(GoneException.class);
      assertThatThrownBy(follower::next).hasMessage("Made anew.");
    }
    assertThat(breaks).containsExactly("unavailable", "overloaded", "unavailable");
    assertThat(server.asked())
        .extracting(asked -> asked.header("last-event-id"))
        .containsExactly("3", "5", "5", "6");
    assertThat(server.asked())
        .allSatisfy(
            asked -> assertThat(asked.target()).isEqualTo("/v1/channels/team/core/events?epoch=a"));
  }

  @Test
  void aFollowerFromNowOnLearnsWhereItStands() {
    String typing = "data: {\"type\":\"chat.typing\",\"ephemeral\":true,\"payload\":{}}\n\n";
    server.then(200, begun("b", 41) + typing).then(200, begun("b", 41) + told(42));

    try (ChannelFollower follower = client.channel("team:core").follow(null)) {
      assertThat(follower.position()).isNull();
      assertThat(follower.next().isEphemeral()).isTrue();
      assertThat(follower.position()).isEqualTo(new Position("b", 41));
      assertThat(follower.next().offset()).isEqualTo(42);
    }
    assertThat(server.asked().getFirst().header("last-event-id")).isEmpty();
    assertThat(server.asked().get(1).header("last-event-id")).isEqualTo("41");
  }

  @Test
  void aPollGoesOnBehindWhatItGaveLast() {
    server
        .then(200, page(3, false))
        .then(503, BUSY)
        .then(200, page(5, true, envelope(4), envelope(5)))
        .then(0, "")
        .then(200, page(6, false, envelope(6)));

    try (ChannelFollower follower =
        client.channel("team:core").poll(null, Duration.ofSeconds(20), (_, _) -> {})) {
      for (int offset = 4; offset <= 6; offset++) {
        assertThat(follower.next().offset()).isEqualTo(offset);
        assertThat(follower.position()).isEqualTo(new Position("a", offset));
      }
    }
    assertThat(server.asked())
        .extracting(ScriptedServer.Asked::target)
        .extracting(target -> target.substring(target.indexOf('?')))
        .containsExactly(
            "?limit=500&wait=20000ms",
            "?limit=500&wait=20000ms&after=3&epoch=a",
            "?limit=500&wait=20000ms&after=3&epoch=a",
            "?limit=500&wait=20000ms&after=5&epoch=a",
            "?limit=500&wait=20000ms&after=5&epoch=a");
  }

  @Test
  void closingWakesWhoWaits() throws Exception {
    server.then(200, begun("a", 0));
    ChannelFollower streaming = client.channel("team:core").follow(null);
    ChannelFollower polling =
        client.channel("team:core").poll(null, Duration.ofSeconds(60), (_, _) -> {});
    for (ChannelFollower follower : List.of(streaming, polling)) {
      CompletableFuture<ChannelEvent> waiting = CompletableFuture.supplyAsync(follower::next);
      follower.close();

      assertThatThrownBy(waiting::join)
          .cause()
          .isInstanceOfSatisfying(
              MyelinException.class, e -> assertThat(e.code()).isEqualTo(MyelinException.CLOSED));
    }
  }
}

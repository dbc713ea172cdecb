package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.team;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.myelin.testkit.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What decides whether clients of the gateway can rely on it, in a server of its own process with
/// short windows: coming back, tokens that end, storms, and who is seen to leave.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GatewayCasesIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int MOST_REPLAYED = 20;
  private static final int MOST_KEPT = 50;

  @TempDir private static Path folder;

  private ServerProcess server;

  @BeforeAll
  void start() throws Exception {
    server =
        ServerProcess.start(
            folder,
            Map.of(
                "MYELIN_EMBEDDING_PROVIDER",
                "none",
                "MYELIN_AUTH_JWT_SECRET",
                String.valueOf(GatewayClient.TOKENS.secret()),
                "MYELIN_GATEWAY_MAX_REPLAY",
                Integer.toString(MOST_REPLAYED),
                "MYELIN_GATEWAY_CHANNEL_MAX_EVENTS",
                Integer.toString(MOST_KEPT),
                "MYELIN_GATEWAY_CHANNEL_TRIM_INTERVAL",
                "200ms",
                "MYELIN_GATEWAY_TOKEN_GRACE",
                "1s",
                "MYELIN_GATEWAY_RATE_CONNECT",
                "off",
                "MYELIN_GATEWAY_RATE_CONNECT_ADDRESS",
                "off"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /// Somebody who is on a channel of a team.
  private final class Guest {
    private final String name;
    private final String channel;
    private GatewayClient client;
    private String session;
    private String epoch;
    private long offset;

    Guest(String name, String channel) throws Exception {
      this.name = name;
      this.channel = channel;
      client = new GatewayClient(server.port(), "/ws?client_id=" + name);
      client.command("connection.init", object().put("token", token(name)).put("client_id", name));
      session = client.next("connection.ack").at("/payload/session_id").asText();
      JsonNode joined = client.subscribe(team(channel));
      epoch = joined.get("epoch").asText();
      offset = joined.get("offset").asLong();
    }

    /// Comes back with where it was; gives what it was told of that.
    JsonNode comeBack() throws Exception {
      return comeBack(epoch, offset);
    }

    JsonNode comeBack(String withEpoch, long withOffset) throws Exception {
      client = new GatewayClient(server.port(), "/ws?client_id=" + name);
      ObjectNode payload =
          object().put("token", token(name)).put("client_id", name).put("session_id", session);
      payload
          .putArray("positions")
          .addObject()
          .put("channel", "team:" + channel)
          .put("epoch", withEpoch)
          .put("offset", withOffset);
      client.command("connection.reconnect", payload);
      JsonNode ack = client.next("connection.ack").get("payload");
      session = ack.get("session_id").asText();
      return ack;
    }

    /// The next event of the channel is the one after the last.
    void hears(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        JsonNode event = client.next("app.note");
        assertThat(event.get("offset").asLong()).isEqualTo(++offset);
      }
    }
  }

  private JsonNode of(JsonNode ack, String channel) {
    for (JsonNode one : ack.path("channels")) {
      if (one.get("channel").equals(team(channel))) {
        return one;
      }
    }
    throw new AssertionError("nothing about " + channel + ": " + ack);
  }

  private long publish(String channel, int count) throws Exception {
    JsonNode answer = object();
    for (int i = 0; i < count; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:"
                          + server.port()
                          + "/v1/channels/team/"
                          + channel
                          + "/events"))
              .header("content-type", "application/json")
              .header("authorization", "Bearer " + token("back-end"))
              .POST(
                  BodyPublishers.ofString("{\"type\":\"app.note\",\"payload\":{\"n\":" + i + "}}"))
              .build();
      answer = ApiContract.parse(HTTP.send(request, BodyHandlers.ofString()).body());
      assertThat(answer.has("offset")).as("%s", answer).isTrue();
    }
    return answer.path("offset").asLong();
  }

  // ---- coming back

  @Test
  void resumesThoughNothingWasEverHeard() throws Exception {
    Guest guest = new Guest("zero", "zero");
    guest.client.drop();

    JsonNode ack = guest.comeBack();

    assertThat(ack.get("status").asText()).isEqualTo("resumed");
    assertThat(of(ack, "zero").get("recovered").asBoolean()).isTrue();
    publish("zero", 1);
    guest.hears(1);
  }

  @Test
  void resumesAfterTwoBreaksInARow() throws Exception {
    Guest guest = new Guest("twice", "twice");
    guest.client.drop();
    assertThat(guest.comeBack().get("status").asText()).isEqualTo("resumed");
    guest.client.drop();
    publish("twice", 3);

    JsonNode ack = guest.comeBack();

    assertThat(ack.get("status").asText()).isEqualTo("resumed");
    guest.hears(3);
    publish("twice", 1);
    guest.hears(1);
  }

  @Test
  void saysWhereItCannotTellEverythingAndGoesOnFromThere() throws Exception {
    Guest guest = new Guest("holes", "holes");
    publish("holes", 3);
    guest.hears(3);

    guest.client.drop();
    JsonNode otherEpoch = of(guest.comeBack("another", guest.offset), "holes");
    guest.client.drop();
    JsonNode ahead = of(guest.comeBack(guest.epoch, guest.offset + 1_000), "holes");
    guest.client.drop();
    publish("holes", MOST_REPLAYED + 1);
    JsonNode tooMany = of(guest.comeBack(), "holes");

    for (JsonNode one : List.of(otherEpoch, ahead, tooMany)) {
      assertThat(one.get("was_recovering").asBoolean()).as("%s", one).isTrue();
      assertThat(one.get("recovered").asBoolean()).as("%s", one).isFalse();
      assertThat(one.get("recovery").asText()).isEqualTo("snapshot");
    }
    guest.offset = tooMany.get("offset").asLong();
    publish("holes", 2);
    guest.hears(2);
  }

  @Test
  void tellsExactlyAsManyAsMayBeMissed() throws Exception {
    Guest guest = new Guest("edge", "edge");
    guest.client.drop();
    publish("edge", MOST_REPLAYED);

    assertThat(of(guest.comeBack(), "edge").get("recovered").asBoolean()).isTrue();
    guest.hears(MOST_REPLAYED);
  }

  @Test
  void saysThatALogHasLetGoOfWhatWasMissed() throws Exception {
    Guest guest = new Guest("trimmed", "trimmed");
    guest.client.drop();
    publish("trimmed", 3 * MOST_KEPT);

    JsonNode told = of(guest.comeBack(), "trimmed");

    assertThat(told.get("recovered").asBoolean()).isFalse();
    assertThat(told.get("offset").asLong()).isEqualTo(3 * MOST_KEPT);
  }

  @Test
  void forgetsSessionsWhoseTimeIsOver() throws Exception {
    Path own = folder.resolveSibling(folder.getFileName() + "-short");
    try (ServerProcess brief =
        ServerProcess.start(
            own,
            Map.of(
                "MYELIN_EMBEDDING_PROVIDER",
                "none",
                "MYELIN_AUTH_JWT_SECRET",
                String.valueOf(GatewayClient.TOKENS.secret()),
                "MYELIN_GATEWAY_RESUME_WINDOW",
                "200ms"))) {
      GatewayClient client = GatewayClient.init(brief.port(), "late", "late");
      String session = client.next("connection.ack").at("/payload/session_id").asText();
      client.drop();
      Instant over = Instant.now().plusSeconds(2);
      Eventually.until("its time is over", () -> Instant.now().isAfter(over));

      GatewayClient again = new GatewayClient(brief.port(), "/ws");
      again.command(
          "connection.reconnect",
          object()
              .put("token", token("late"))
              .put("client_id", "late")
              .put("session_id", session)
              .set("positions", ApiContract.JSON.createArrayNode()));

      JsonNode ack = again.next("connection.ack").get("payload");
      assertThat(ack.get("status").asText()).isEqualTo("fresh");
      assertThat(ack.get("session_id").asText()).isNotEqualTo(session);
      again.close();
    }
  }

  @Test
  void bringsAStormBackWithoutLosingAnything() throws Exception {
    int many = 200;
    int missed = 10;
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      guests.add(new Guest("storm-" + i, "storm"));
    }
    guests.forEach(guest -> guest.client.drop());
    publish("storm", missed);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Guest guest : guests) {
        all.add(
            threads.submit(() -> {
              JsonNode ack = guest.comeBack();
              assertThat(ack.get("status").asText()).isEqualTo("resumed");
              assertThat(of(ack, "storm").get("recovered").asBoolean()).isTrue();
              guest.hears(missed);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    publish("storm", 1);
    for (Guest guest : guests) {
      guest.hears(1);
      guest.client.close();
    }
  }

  // ---- tokens

  private GatewayClient soonOver(String name, int seconds) throws Exception {
    GatewayClient client = new GatewayClient(server.port(), "/ws?client_id=" + name);
    String brief = token(name, "t1", Instant.now().plusSeconds(seconds), "*");
    client.command("connection.init", object().put("token", brief).put("client_id", name));
    return client;
  }

  @Test
  void warnsOfATokenThatEndsThenClosesAndResumesWithAnother() throws Exception {
    GatewayClient client = soonOver("over", 2);
    String session = client.next("connection.ack").at("/payload/session_id").asText();
    client.subscribe(team("over"));

    assertThat(client.next("connection.token_expiring").at("/payload/expires_in_ms").asLong())
        .isLessThanOrEqualTo(60_000);
    JsonNode closed = client.closed();
    assertThat(closed.get("code").asInt()).isEqualTo(4002);
    assertThat(closed.get("reason").asText()).startsWith("TOKEN_EXPIRED").contains("resume=1");

    GatewayClient again = new GatewayClient(server.port(), "/ws?client_id=over");
    again.command(
        "connection.reconnect",
        object()
            .put("token", token("over"))
            .put("client_id", "over")
            .put("session_id", session)
            .set("positions", ApiContract.JSON.createArrayNode()));
    assertThat(again.next("connection.ack").at("/payload/status").asText()).isEqualTo("resumed");
    again.close();
  }

  @Test
  void keepsAConnectionWhoseTokenIsRenewed() throws Exception {
    GatewayClient renewed = soonOver("renewed", 4);
    renewed.next("connection.ack");
    renewed.subscribe(team("renewed"));
    GatewayClient other = soonOver("not-renewed", 4);
    other.next("connection.ack");
    String id = renewed.command("connection.refresh", object().put("token", token("renewed")));
    assertThat(renewed.reply(id).get("type").asText()).isEqualTo("connection.refreshed");

    assertThat(other.closed().get("code").asInt()).isEqualTo(4002);

    publish("renewed", 1);
    renewed.next("app.note");
    renewed.close();
  }

  @Test
  void closesOnTheTokenOfAnotherUser() throws Exception {
    GatewayClient client = soonOver("ann", 300);
    client.next("connection.ack");

    client.command("connection.refresh", object().put("token", token("bob")));

    assertThat(client.closed().get("code").asInt()).isEqualTo(4001);
  }

  @Test
  void dropsOnlyTheChannelThatMayNoLongerBeHeard() throws Exception {
    GatewayClient client = soonOver("less", 300);
    client.next("connection.ack");
    client.subscribe(team("kept"));
    client.subscribe(team("lost"));

    String less = token("less", "t1", Instant.now().plusSeconds(300), "team:kept:*");
    String id = client.command("connection.refresh", object().put("token", less));

    JsonNode refreshed = client.reply(id).get("payload");
    assertThat(refreshed.get("permissions_changed").asBoolean()).isTrue();
    assertThat(refreshed.get("dropped_channels")).hasSize(1);
    assertThat(refreshed.at("/dropped_channels/0").asText()).isEqualTo("team:lost");
    publish("lost", 1);
    publish("kept", 1);
    assertThat(client.next("app.note").get("channel").asText()).isEqualTo("team:kept");
    client.close();
  }

  // ---- who is there

  @Test
  void showsNoLeaveForABreakAndOneForAGoodbye() throws Exception {
    GatewayClient observer = soonOver("observer", 300);
    observer.next("connection.ack");
    observer.subscribe(team("flap").put("presence", "full"));
    Guest guest = new Guest("flapping", "flap");
    guest.client.subscribe(team("flap").put("presence", "full"));
    awaitDiff(observer, "joined");
    for (int i = 0; i < 3; i++) {
      guest.client.drop();
      assertThat(guest.comeBack().get("status").asText()).isEqualTo("resumed");
    }

    guest.client.close(1000);

    // What was told between would come first.
    JsonNode diff = awaitDiff(observer, "left");
    assertThat(diff.get("left")).hasSize(1);
    observer.close();
  }

  /// The next change of who is there; it must be of that kind.
  private static JsonNode awaitDiff(GatewayClient observer, String kind) throws Exception {
    JsonNode payload =
        observer
            .next(message ->
                message.path("type").asText().equals("channel.presence")
                    && message.at("/payload/kind").asText().equals("diff")
                    && mentionsTheGuest(message.get("payload")))
            .get("payload");
    assertThat(payload.path(kind)).as("%s", payload).isNotEmpty();
    return payload;
  }

  private static boolean mentionsTheGuest(JsonNode payload) {
    return payload.toString().contains("flapping");
  }
}

package dev.myelin.server;

import static dev.myelin.server.GatewayClient.object;
import static dev.myelin.server.GatewayClient.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
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

/// Coming back to the gateway, in a server of its own process with short windows: what is told
/// again, what is not, and that this is said.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GatewayResumeIT {
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
                "MYELIN_GATEWAY_RATE_OTHER",
                "off",
                "MYELIN_GATEWAY_RATE_CONNECT",
                "off",
                "MYELIN_GATEWAY_RATE_CONNECT_ADDRESS",
                "off"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void resumesThoughNothingWasEverHeard() throws Exception {
    GatewayGuest guest = new GatewayGuest(server.port(), "zero", "zero");
    guest.client.drop();

    JsonNode ack = guest.comeBack();

    assertThat(ack.get("status").asText()).isEqualTo("resumed");
    assertThat(GatewayGuest.of(ack, "zero").get("recovered").asBoolean()).isTrue();
    GatewayGuest.publish(server.port(), "zero", 1);
    guest.hears(1);
  }

  @Test
  void resumesAfterTwoBreaksInARow() throws Exception {
    GatewayGuest guest = new GatewayGuest(server.port(), "twice", "twice");
    guest.client.drop();
    assertThat(guest.comeBack().get("status").asText()).isEqualTo("resumed");
    guest.client.drop();
    GatewayGuest.publish(server.port(), "twice", 3);

    JsonNode ack = guest.comeBack();

    assertThat(ack.get("status").asText()).isEqualTo("resumed");
    guest.hears(3);
    GatewayGuest.publish(server.port(), "twice", 1);
    guest.hears(1);
  }

  @Test
  void saysWhereItCannotTellEverythingAndGoesOnFromThere() throws Exception {
    GatewayGuest guest = new GatewayGuest(server.port(), "holes", "holes");
    GatewayGuest.publish(server.port(), "holes", 3);
    guest.hears(3);

    guest.client.drop();
    JsonNode otherEpoch = GatewayGuest.of(guest.comeBack("another", guest.offset), "holes");
    guest.client.drop();
    JsonNode ahead = GatewayGuest.of(guest.comeBack(guest.epoch, guest.offset + 1_000), "holes");
    guest.client.drop();
    GatewayGuest.publish(server.port(), "holes", MOST_REPLAYED + 1);
    JsonNode tooMany = GatewayGuest.of(guest.comeBack(), "holes");

    for (JsonNode one : List.of(otherEpoch, ahead, tooMany)) {
      assertThat(one.get("was_recovering").asBoolean()).as("%s", one).isTrue();
      assertThat(one.get("recovered").asBoolean()).as("%s", one).isFalse();
      assertThat(one.get("recovery").asText()).isEqualTo("snapshot");
    }
    guest.offset = tooMany.get("offset").asLong();
    GatewayGuest.publish(server.port(), "holes", 2);
    guest.hears(2);
  }

  @Test
  void tellsExactlyAsManyAsMayBeMissed() throws Exception {
    GatewayGuest guest = new GatewayGuest(server.port(), "edge", "edge");
    guest.client.drop();
    GatewayGuest.publish(server.port(), "edge", MOST_REPLAYED);

    assertThat(GatewayGuest.of(guest.comeBack(), "edge").get("recovered").asBoolean()).isTrue();
    guest.hears(MOST_REPLAYED);
  }

  @Test
  void saysThatALogHasLetGoOfWhatWasMissed() throws Exception {
    GatewayGuest guest = new GatewayGuest(server.port(), "trimmed", "trimmed");
    guest.client.drop();
    GatewayGuest.publish(server.port(), "trimmed", 3 * MOST_KEPT);

    JsonNode told = GatewayGuest.of(guest.comeBack(), "trimmed");

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
    List<GatewayGuest> guests = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      guests.add(new GatewayGuest(server.port(), "storm-" + i, "storm"));
    }
    guests.forEach(guest -> guest.client.drop());
    GatewayGuest.publish(server.port(), "storm", missed);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (GatewayGuest guest : guests) {
        all.add(
            threads.submit(() -> {
              JsonNode ack = guest.comeBack();
              assertThat(ack.get("status").asText()).isEqualTo("resumed");
              assertThat(GatewayGuest.of(ack, "storm").get("recovered").asBoolean()).isTrue();
              guest.hears(missed);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    GatewayGuest.publish(server.port(), "storm", 1);
    for (GatewayGuest guest : guests) {
      guest.hears(1);
      guest.client.close();
    }
  }
}

package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.Tail;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.SpaceEvent;
import dev.myelin.testkit.CuttingProxy;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A tail goes on after the server was restarted: no event twice, and none missed without a word.
@Timeout(180)
class TailRestartIT {
  private static final int MISSED = 3;
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT.withRetry(
          new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMinutes(1)));

  @TempDir private Path folder;
  private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

  /// An event as a tail tells it.
  private record Heard(String id, boolean stored, long sequence, long missed) {}

  @Test
  void theClientsTailGoesOn() throws Exception {
    try (TestServer server = TestServer.open(folder.resolve("data"));
        CuttingProxy proxy = CuttingProxy.to(server.port());
        MyelinClient client = MyelinClient.connect(at(proxy.port()), QUICK);
        Tail tail = client.tail("notes", this::hear)) {
      restartUnder(server, proxy);

      assertThat(tail.ended()).isNotDone();
    }
    assertNothingTwiceAndNoSilentGap();
  }

  private void hear(SpaceEvent event) {
    heard.add(
        new Heard(
            event.memoryId(),
            event.kind() == SpaceEvent.Kind.STORED,
            event.sequence(),
            event.missed()));
  }

  @Test
  void theTailCommandGoesOn() throws Exception {
    Path errors = folder.resolve("errors");
    try (TestServer server = TestServer.open(folder.resolve("data"));
        CuttingProxy proxy = CuttingProxy.to(server.port())) {
      Process command = tailCommand(proxy.port(), errors);
      try {
        Thread.ofVirtual().start(() -> command.inputReader().lines().forEach(this::hear));
        restartUnder(server, proxy);

        assertThat(command.isAlive()).isTrue();
      } finally {
        command.destroyForcibly().waitFor();
      }
    }
    assertNothingTwiceAndNoSilentGap();
    assertThat(errors).content().contains("Trying again.");
  }

  private static Process tailCommand(int port, Path errors) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "tail",
            "--json",
            "--space",
            "notes",
            "--server",
            at(port).toString())
        .redirectError(Files.createFile(errors).toFile())
        .start();
  }

  private void hear(String line) {
    try {
      JsonNode event = new ObjectMapper().readTree(line);
      heard.add(
          new Heard(
              event.path("id").asText(),
              event.get("event").asText().equals("stored"),
              event.path("sequence").asLong(),
              event.path("missed").asLong()));
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  /// Restarts the server, and stores while the tail cannot hear it.
  private void restartUnder(TestServer server, CuttingProxy proxy) {
    storeUntilHeard(server);
    server.restart();
    List<String> lost = new ArrayList<>();
    try (MyelinClient client = MyelinClient.connect(at(server.port()), QUICK);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      for (int i = 0; i < MISSED; i++) {
        lost.add(store(stream));
      }
    }
    proxy.forwardTo(server.port());
    storeUntilHeard(server);
    assertThat(heard).noneMatch(event -> lost.contains(event.id()));
  }

  /// Stores until the tail follows, and until it has heard the last that was stored.
  private void storeUntilHeard(TestServer server) {
    int known = heard.size();
    try (MyelinClient client = MyelinClient.connect(at(server.port()), QUICK);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      Eventually.until(
          "the tail follows",
          TestServer.PATIENCE.multipliedBy(2),
          () -> {
            store(stream);
            return heard.size() > known;
          });
      String last = store(stream);
      Eventually.until(
          "the last is heard", () -> heard.stream().anyMatch(event -> event.id().equals(last)));
    }
  }

  private static String store(ObservationStream stream) {
    return stream.observe(Observation.of("is anybody there?")).join().memoryId();
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void assertNothingTwiceAndNoSilentGap() {
    List<Heard> all = List.copyOf(heard);
    assertThat(all.stream().mapToLong(Heard::missed).sum()).isGreaterThanOrEqualTo(MISSED);
    long expected = 0;
    long missed = 0;
    for (Heard event : all) {
      missed += event.missed();
      if (event.stored()) {
        if (expected > 0) {
          assertThat(event.sequence()).as("next in %s", all).isEqualTo(expected + missed);
        }
        expected = event.sequence() + 1;
        missed = 0;
      }
    }
  }
}

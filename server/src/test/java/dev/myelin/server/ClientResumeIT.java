package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.Tail;
import dev.myelin.client.Transport;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.SpaceEvent;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.client.model.Verdict;
import dev.myelin.testkit.CuttingProxy;
import dev.myelin.testkit.Eventually;
import dev.myelin.testkit.Seed;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The Java client against a real server, over connections that break.
@Timeout(180)
class ClientResumeIT {
  private static final int COUNT = 5_000;
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT
          .withRetry(
              new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMinutes(1)))
          .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(100));

  @TempDir private Path folder;

  private static Observation observation(int number) {
    float[] embedding = new float[16];
    embedding[number % 16] = 1f;
    return Observation.of("observation " + number, embedding);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "JSON", "GRPC"})
  void everyObservationIsRememberedOnceHoweverOftenItsConnectionBreaks(Transport transport)
      throws Exception {
    Random random = Seed.of("connections that break").random();
    try (TestServer server = TestServer.open(folder.resolve("data"));
        CuttingProxy proxy = CuttingProxy.to(server.port());
        MyelinClient client =
            MyelinClient.connect(
                URI.create("http://127.0.0.1:" + proxy.port()), QUICK.withTransport(transport))) {
      ObservationStream stream = client.open(StreamOptions.in("notes"));
      List<CompletableFuture<Verdict>> futures = new ArrayList<>();
      for (int i = 1; i <= COUNT; i++) {
        if (i % 250 == 0) {
          proxy.cutAfter(random.nextInt(30_000));
        }
        futures.add(stream.observe(observation(i)));
      }

      List<Verdict> verdicts = futures.stream().map(CompletableFuture::join).toList();

      assertThat(verdicts).extracting(Verdict::sequence).isSorted().doesNotHaveDuplicates();
      assertThat(verdicts).extracting(Verdict::memoryId).doesNotHaveDuplicates().hasSize(COUNT);
      assertThat(proxy.cuts()).isGreaterThan(5);
      stream.close();
      SpaceInfo notes = client.spaces().join().getFirst();
      assertThat(notes.memories()).isEqualTo(COUNT);
      assertThat(notes.lastSequence()).as("commits, none doubled").isEqualTo(COUNT);
    }
  }

  @Test
  void aTailHearsWhatIsStoredAndForgotten() {
    try (TestServer server = TestServer.open(folder.resolve("data"));
        MyelinClient client =
            MyelinClient.connect(URI.create("http://127.0.0.1:" + server.port()), QUICK);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      Queue<SpaceEvent> heard = new ConcurrentLinkedQueue<>();
      try (Tail tail = client.tail("notes", heard::add)) {
        Eventually.until(
            "the tail follows",
            () -> {
              stream.observe(observation(1)).join();
              return !heard.isEmpty();
            });
        assertThat(heard.peek())
            .isNotNull()
            .satisfies(event -> {
              assertThat(event.kind()).isEqualTo(SpaceEvent.Kind.STORED);
              assertThat(event.content()).isEqualTo("observation 1");
              assertThat(event.sequence()).isPositive();
            });
        assertThat(tail.ended()).isNotDone();
      }
    }
  }

  @Test
  void recallsWithWordsMeaningAndFilters() {
    try (TestServer server = TestServer.open(folder.resolve("data"));
        MyelinClient client =
            MyelinClient.connect(URI.create("http://127.0.0.1:" + server.port()), QUICK);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      for (int i = 1; i <= 30; i++) {
        var _ = stream.observe(observation(i));
      }
      float[] third = new float[16];
      third[3] = 1f;

      assertThat(stream.recall(RecallQuery.in("").near(third).withLimit(2)).join().memories())
          .extracting(memory -> memory.content())
          .containsExactlyInAnyOrder("observation 3", "observation 19");
      assertThat(client.recall(RecallQuery.in("notes").withLimit(25)).join().memories())
          .hasSize(25);
      assertThat(
              client
                  .recall(RecallQuery.in("notes").near(third).withLimit(1).withEmbeddings())
                  .join()
                  .memories()
                  .getFirst()
                  .embedding()
                  .values())
          .isEqualTo(third);
    }
  }
}

package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.Verdict;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.testkit.CuttingProxy;
import dev.myelin.testkit.Seed;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ObservationStreamIT {
  private static final ClientOptions QUICK =
      ClientOptions.DEFAULT
          .withRetry(
              new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(20)))
          .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(40));

  private static MyelinClient client(String address, Transport transport) {
    return MyelinClient.connect(URI.create(address), QUICK.withTransport(transport));
  }

  private static Observation observation(int number) {
    float[] embedding = new float[64];
    embedding[number % 64] = 1f;
    return Observation.builder()
        .id("o" + number)
        .what("observation " + number)
        .embedding(embedding)
        .build();
  }

  private static List<Verdict> all(List<CompletableFuture<Verdict>> futures) {
    return futures.stream().map(CompletableFuture::join).toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyObservationGetsItsVerdictInOrder(Transport transport) {
    SmallSessions sessions = new SmallSessions();
    try (SmallServer server = new SmallServer(sessions);
        MyelinClient client = client(server.address(), transport);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      List<CompletableFuture<Verdict>> futures = new ArrayList<>();
      for (int i = 1; i <= 3_000; i++) {
        futures.add(stream.observe(observation(i)));
      }

      List<Verdict> verdicts = all(futures);

      assertThat(verdicts).extracting(Verdict::sequence).isSorted().hasSize(3_000);
      assertThat(verdicts.get(2_999).memoryId()).isEqualTo("o3000");
      assertThat(sessions.remembered()).hasSize(3_000);
      assertThat(stream.drain().join()).isEqualTo(3_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatBreaksAnywhereLosesAndDoublesNothing(Transport transport) throws Exception {
    Random random = Seed.of("a connection that breaks anywhere").random();
    SmallSessions sessions = new SmallSessions();
    int count = 5_000;
    try (SmallServer server = new SmallServer(sessions);
        CuttingProxy proxy = CuttingProxy.to(server.port());
        MyelinClient client = client("http://127.0.0.1:" + proxy.port(), transport);
        ObservationStream stream = client.open(StreamOptions.in("notes").withMaxInFlight(500))) {
      List<CompletableFuture<Verdict>> futures = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        if (i % 200 == 0) {
          proxy.cutAfter(random.nextInt(40_000));
        }
        futures.add(stream.observe(observation(i)));
      }

      List<Verdict> verdicts = all(futures);

      assertThat(verdicts).extracting(Verdict::sequence).isSorted().hasSize(count);
      assertThat(proxy.cuts()).isGreaterThan(5);
      assertThat(sessions.remembered()).hasSize(count).doesNotHaveDuplicates();
      assertThat(sessions.faults()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void recallsOnTheStreamWhatWasSentBefore(Transport transport) {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address(), transport);
        ObservationStream stream = client.open(StreamOptions.in("notes").withMaxInFlight(10))) {
      for (int i = 1; i <= 100; i++) {
        var _ = stream.observe(observation(i));
      }

      assertThat(stream.recall(RecallQuery.in("").about("hundred")).join().memories())
          .extracting(memory -> memory.id())
          .containsExactly("o100");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSentWhilePausedWaits(Transport transport) {
    SmallSessions sessions = new SmallSessions();
    try (SmallServer server = new SmallServer(sessions);
        MyelinClient client = client(server.address(), transport);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      stream.pause().join();
      CompletableFuture<Verdict> verdict = stream.observe(observation(1));
      assertThat(stream.recall(RecallQuery.in("")).join().snapshotSequence()).isZero();
      assertThat(verdict).isNotDone();

      stream.resume().join();

      assertThat(verdict.join().memoryId()).isEqualTo("o1");
    }
  }

  @Test
  void anOfferWithoutCreditIsEmptyAtOnce() {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address(), Transport.BINARY);
        ObservationStream stream = client.open(StreamOptions.in("notes").withMaxInFlight(2))) {
      stream.pause().join();
      assertThat(stream.offer(observation(1))).isPresent();
      assertThat(stream.offer(observation(2))).isPresent();

      Optional<CompletableFuture<Verdict>> third = stream.offer(observation(3));

      assertThat(third).isEmpty();
      assertThat(stream.credit()).isZero();
      stream.resume().join();
    }
  }

  @Test
  void whatTheServerHadNoRoomForIsSentAgain() {
    AtomicInteger asked = new AtomicInteger();
    SmallSessions sessions =
        new SmallSessions(ack ->
            asked.incrementAndGet() % 3 == 0
                ? ack.setStatus(ObservationAck.Status.STATUS_REJECTED)
                    .setCode("overloaded")
                    .setReason("The lane is full.")
                    .setRetryAfterMs(1)
                : ack);
    try (SmallServer server = new SmallServer(sessions);
        MyelinClient client = client(server.address(), Transport.BINARY);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      List<CompletableFuture<Verdict>> futures = new ArrayList<>();
      for (int i = 1; i <= 100; i++) {
        futures.add(stream.observe(observation(i)));
      }

      all(futures);

      assertThat(sessions.remembered()).hasSize(100).doesNotHaveDuplicates();
    }
  }

  @Test
  void aRefusalFailsTheFutureWithTheServersWords() {
    SmallSessions sessions =
        new SmallSessions(ack ->
            ack.setStatus(ObservationAck.Status.STATUS_REJECTED)
                .setCode("dimension_mismatch")
                .setReason("64 values (expected: 4)."));
    try (SmallServer server = new SmallServer(sessions);
        MyelinClient client = client(server.address(), Transport.JSON);
        ObservationStream stream = client.open(StreamOptions.in("notes"))) {
      CompletableFuture<Verdict> verdict = stream.observe(observation(1));

      assertThatThrownBy(verdict::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              MyelinException.class,
              e -> {
                assertThat(e.code()).isEqualTo("dimension_mismatch");
                assertThat(e.text()).isEqualTo("64 values (expected: 4).");
              });
      assertThat(stream.settled()).isEqualTo(1);
    }
  }

  @Test
  void anotherStreamGoesOnWithTheSession() {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address(), Transport.BINARY);
        MyelinClient other = client(server.address(), Transport.JSON)) {
      ObservationStream first = client.open(StreamOptions.in("notes"));
      first.observe(observation(1)).join();
      first.abort();

      try (ObservationStream second =
          other.open(StreamOptions.in("notes").resuming(first.session()))) {
        assertThat(second.session()).isEqualTo(first.session());
        assertThat(second.observe(observation(2)).join().sequence()).isEqualTo(2);
      }
    }
  }

  @Test
  void noServerIsToldAtOnce() {
    try (MyelinClient client = client("http://127.0.0.1:1", Transport.BINARY)) {
      assertThatThrownBy(() -> client.open(StreamOptions.in("notes")))
          .isInstanceOfSatisfying(
              MyelinException.class,
              e -> {
                assertThat(e.code()).isEqualTo(MyelinException.UNAVAILABLE);
                assertThat(e.text()).contains("127.0.0.1:1");
              });
    }
  }

  @Test
  void aServerThatIsNoMyelinServerIsNamedSo() {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address() + "/elsewhere", Transport.GRPC)) {
      assertThatThrownBy(() -> client.open(StreamOptions.in("notes")))
          .isInstanceOfSatisfying(
              MyelinException.class, e -> assertThat(e.code()).isEqualTo(MyelinException.PROTOCOL));
    }
  }

  @Test
  void listsSpaces() throws Exception {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address(), Transport.BINARY)) {
      assertThat(client.spaces().get(5, TimeUnit.SECONDS))
          .singleElement()
          .satisfies(space -> assertThat(space.name()).isEqualTo("notes"));
    }
  }

  @Test
  void afterTheStreamIsClosedNothingIsTaken() {
    try (SmallServer server = new SmallServer(new SmallSessions());
        MyelinClient client = client(server.address(), Transport.BINARY)) {
      ObservationStream stream = client.open(StreamOptions.in("notes"));
      stream.close();

      assertThatThrownBy(() -> stream.observe(observation(1)))
          .isInstanceOf(MyelinException.class)
          .hasMessage("The stream is closed.");
    }
  }
}

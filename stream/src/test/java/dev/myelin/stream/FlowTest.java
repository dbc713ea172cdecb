package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.journal.lane.LaneBounds;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Recall;
import dev.myelin.stream.ServerMessage.Heartbeat;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.Rejected;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.ServerMessage.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What flows in either direction, how fast, and what is told of it.
class FlowTest {
  private static final LaneBounds SMALL = new LaneBounds(100, 1_000_000);

  @TempDir Path folder;
  private TestServer server;
  private Client client;

  @BeforeEach
  void open() {
    server =
        new TestServer(
            folder, StreamConfig.DEFAULT, JournalConfig.DEFAULT.withLanes(SMALL, SMALL, SMALL));
    client = server.client();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static StreamOptions inFlight(int max) {
    return new StreamOptions(max, true, false, false);
  }

  // -- requests in flight ----------------------------------------------------------------------

  @Test
  void stopsReadingAtTheBoundAndGoesOnBelowHalfOfIt() {
    client.init(inFlight(10));
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 9);
    assertThat(client.peer.reading).isTrue();
    client.observe(10);
    assertThat(client.peer.reading).isFalse();
    client.observe(11); // was read before
    latch.countDown();
    client.allAccepted(1, 11);
    assertThat(client.peer.reading).isTrue();
    assertThat(client.peer.stops).isEqualTo(1);
  }

  @Test
  void readsOneByOneForAClientThatWantsIt() {
    client.init(inFlight(1));
    for (int sequence = 1; sequence <= 3; sequence++) {
      client.observe(sequence);
      assertThat(client.peer.reading).isFalse();
      client.accepted(sequence);
      assertThat(client.peer.reading).isTrue();
    }
  }

  @Test
  void givesNobodyMoreThanTheMost() {
    client.init(inFlight(Integer.MAX_VALUE));
    for (int i = 0; i < StreamConfig.DEFAULT.maxInFlight(); i++) {
      assertThat(client.peer.reading).isTrue();
      client.observe(2); // a gap: takes a place, too
    }
    assertThat(client.peer.reading).isFalse();
  }

  @Test
  void writesNothingToAClientThatDoesNotReadAndReadsNothingFromIt() {
    client.init();
    client.peer.room = 3;
    client.observeAll(1, 10);
    client.allAccepted(1, 3);
    server.loop.until("stops reading", () -> !client.peer.reading);
    client.connection.heartbeat();
    server.service.tick();
    client.hearsNothing();
    client.peer.room = 4;
    client.connection.writable();
    client.allAccepted(4, 7);
    client.hearsNothing();
    client.peer.room = Integer.MAX_VALUE;
    client.connection.writable();
    client.allAccepted(8, 10);
    assertThat(client.peer.reading).isTrue();
  }

  // -- pressure --------------------------------------------------------------------------------

  @Test
  void tellsOfPressureOncePerChangeAndRejectsWhenOverloaded() {
    client.init(inFlight(1_000));
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 81);
    Status high = client.status(State.BACKPRESSURE);
    assertThat(high.pressure().depth()).isEqualTo(80);
    assertThat(high.pressure().capacity()).isEqualTo(100);
    assertThat(high.pressure().pressure()).isEqualTo(0.8f);
    assertThat(high.retryAfter()).isPositive();
    assertThat(high.text()).contains("normal lane", "80 of 100");
    client.observeAll(82, 100);
    client.hearsNothing();
    latch.countDown();
    client.allAccepted(1, 95);
    for (int sequence = 96; sequence <= 100; sequence++) {
      Rejected overloaded = client.rejected(sequence, ErrorCode.OVERLOADED);
      assertThat(overloaded.retryAfter()).isPositive();
      assertThat(overloaded.reason()).contains("normal lane", "95 of 100", "used up", "ms");
    }
    server.clock.advance(Duration.ofMillis(99));
    server.service.tick();
    client.hearsNothing(); // too soon after the last notice
    server.clock.advance(Duration.ofMillis(1));
    server.service.tick();
    Status calm = client.status(State.ACTIVE);
    assertThat(calm.lastSequence()).isEqualTo(100);
    assertThat(calm.retryAfter()).isNull();
    server.service.tick();
    client.hearsNothing();
    client.observe(101);
    client.accepted(101);
  }

  @Test
  void tellsOfPressureThatOthersMadeWithATick() {
    client.init(inFlight(1_000));
    Client other = server.client();
    other.init();
    CountDownLatch latch = server.journal.block();
    other.observeAll(1, 85);
    server.service.tick();
    client.status(State.BACKPRESSURE);
    other.hearsNothing(); // did not ask for it
    latch.countDown();
    other.allAccepted(1, 85);
    client.flow(FlowAction.PAUSE);
    client.status(State.PAUSED);
    server.clock.advance(Duration.ofMillis(100));
    server.service.tick();
    client.status(State.PAUSED); // calm again, but still paused
  }

  @Test
  void countsBytesAsPressureToo() {
    client.init(inFlight(1_000));
    CountDownLatch latch = server.journal.block();
    String text = "word ".repeat(5_000);
    int sequence = 0;
    while (!(client.peer.received.peek() instanceof Status)) {
      sequence++;
      client.observe(sequence, Lane.LOW, Client.episode("big" + sequence, text));
      assertThat(sequence).isLessThan(70);
    }
    Status high = client.status(State.BACKPRESSURE);
    assertThat(high.pressure().pressure()).isGreaterThanOrEqualTo(0.8f);
    assertThat(high.pressure().depth()).isLessThan(70);
    latch.countDown();
    client.allAccepted(1, sequence);
  }

  @Test
  void rejectsAlsoWhatDoesNotFitTheLane() {
    client.init();
    CountDownLatch latch = server.journal.block();
    String huge = "w ".repeat(32_000);
    int sequence = 0;
    while (sequence < 40) { // a lane holds 1 MB: the last ones do not fit
      sequence++;
      client.observe(sequence, Lane.NORMAL, Client.episode("huge" + sequence, huge));
    }
    latch.countDown();
    int rejected = 0;
    for (ServerMessage reply : client.next(40)) {
      rejected += reply instanceof Rejected no && no.code() == ErrorCode.OVERLOADED ? 1 : 0;
    }
    assertThat(rejected).isBetween(1, 39);
    client.observe(41);
    client.accepted(41);
  }

  // -- what the client steers ------------------------------------------------------------------

  @Test
  void gathersRepliesForASlowClientUntilATick() {
    client.init();
    client.flow(FlowAction.SLOW_DOWN);
    client.observeAll(1, 20);
    awaitCommitted(20);
    client.hearsNothing();
    server.service.tick();
    assertThat(client.status(State.ACTIVE).text()).contains("Slowed down");
    client.allAccepted(1, 20);
    int flushes = client.peer.flushes;
    client.observeAll(21, 40);
    awaitCommitted(40);
    server.service.tick();
    client.allAccepted(21, 40);
    assertThat(client.peer.flushes).isEqualTo(flushes + 1);
    client.flow(FlowAction.SPEED_UP);
    client.status(State.ACTIVE);
    client.observe(41);
    client.accepted(41);
  }

  /// Waits until that many are committed: another client's observation in the same lane is behind.
  private void awaitCommitted(int count) {
    Client other = server.client();
    other.init();
    other.observe(1, Lane.LOW, Client.episode("behind" + count, "behind"));
    other.accepted(1);
    other.disconnect();
  }

  @Test
  void answersRecallsInBatchesOfTen() {
    remember(25);
    recall(25);
    RecallResult first = client.next(RecallResult.class);
    assertThat(first.requestId()).isEqualTo("q");
    assertThat(first.results()).hasSize(10);
    assertThat(first.moreResults()).isTrue();
    assertThat(first.summary().returned()).isEqualTo(25);
    RecallResult second = client.next(RecallResult.class);
    assertThat(second.results()).hasSize(10);
    assertThat(second.snapshotSequence()).isEqualTo(first.snapshotSequence()).isEqualTo(25);
    RecallResult third = client.next(RecallResult.class);
    assertThat(third.results()).hasSize(5);
    assertThat(third.moreResults()).isFalse();
  }

  @Test
  void answersARecallThatFindsNothingWithOneMessage() {
    client.init();
    recall(10);
    RecallResult none = client.next(RecallResult.class);
    assertThat(none.results()).isEmpty();
    assertThat(none.moreResults()).isFalse();
    assertThat(none.summary().meanActivation()).isZero();
  }

  @Test
  void sendsAsManyRecallBatchesAsTheClientHasRoomForAndThenOnePerTick() {
    remember(45);
    client.flow(FlowAction.BUFFER_STATUS, 2);
    client.status(State.ACTIVE);
    recall(45);
    client.next(RecallResult.class);
    client.next(RecallResult.class);
    client.hearsNothing();
    server.service.tick();
    client.next(RecallResult.class);
    client.hearsNothing();
    client.flow(FlowAction.BUFFER_STATUS, 9);
    client.next(RecallResult.class);
    assertThat(client.next(RecallResult.class).moreResults()).isFalse();
    client.status(State.ACTIVE);
  }

  @Test
  void sendsASlowClientOneRecallBatchPerTick() {
    remember(25);
    client.flow(FlowAction.SLOW_DOWN);
    server.service.tick();
    client.status(State.ACTIVE);
    recall(25);
    for (int batch = 1; batch <= 3; batch++) {
      while (client.peer.received.isEmpty()) {
        server.service.tick();
        server.loop.turn();
      }
      assertThat(client.peer.received).hasSize(1);
      client.next(RecallResult.class);
    }
  }

  @Test
  void writesRecallBatchesOnlyWhileThereIsRoom() {
    remember(25);
    client.peer.room = 1;
    recall(25);
    client.next(RecallResult.class);
    client.hearsNothing();
    client.peer.room = 10;
    client.connection.writable();
    client.next(RecallResult.class);
    client.next(RecallResult.class);
  }

  @Test
  void answersAFailedRecallInItsPlace() {
    client.init();
    client.observe(1, Lane.NORMAL, Client.episode("a", 1f, 2f));
    client.send(
        new Recall("q7", true, RecallQuery.near(Client.SPACE, Embedding.of(new float[] {1f}))));
    client.observe(2);
    client.accepted(1);
    ServerMessage.Failure failure = client.failure(ErrorCode.DIMENSION_MISMATCH);
    assertThat(failure.text()).startsWith("Recall \"q7\" failed: ");
    assertThat(failure.requestId()).isEqualTo("q7");
    client.accepted(2);
  }

  @Test
  void answersARecallThatNobodyCanRun() {
    client.init();
    server.recalls.shutdown();
    client.recall("q", "anything");
    assertThat(client.failure(ErrorCode.OVERLOADED).text()).contains("Try again");
  }

  @Test
  void answersARecallThatFailsByABugWithAReference() {
    client.init();
    client.observe(1);
    client.accepted(1);
    server.journal.breaksReading = true;
    client.observe(1); // a duplicate, which must be looked up
    assertThat(client.failure(ErrorCode.INTERNAL).text()).contains("reference", "operator");
    server.journal.breaksReading = false;
    client.observe(2);
    client.accepted(2);
  }

  @Test
  void beatsWithAndWithoutASession() {
    client.connection.heartbeat();
    assertThat(client.next(Heartbeat.class).session()).isNull();
    client.init();
    client.connection.heartbeat();
    Heartbeat beat = client.next(Heartbeat.class);
    assertThat(beat.session()).isEqualTo(client.session());
    assertThat(beat.at()).isEqualTo(server.clock.instant());
    client.close(true);
    client.status(State.CLOSED);
    client.connection.heartbeat();
    assertThat(client.peer.received).isEmpty();
  }

  // -- what is measured ------------------------------------------------------------------------

  @Test
  void measuresWhatBecameOfObservations() {
    client.init();
    client.observe(1, Lane.HIGH);
    client.invalid(2);
    client.observe(9);
    client.observe(1);
    client.next(4);
    assertThat(observations("accepted", "high")).isEqualTo(1);
    assertThat(observations("rejected", "normal")).isEqualTo(1);
    assertThat(observations("gap", "normal")).isEqualTo(1);
    assertThat(observations("duplicate", "normal")).isEqualTo(1);
    assertThat(server.meters.get("myelin.stream.acknowledgement").timer().count()).isEqualTo(2);
    assertThat(server.meters.get("myelin.stream.sessions").gauge().value()).isEqualTo(1);
    assertThat(server.meters.get("myelin.stream.connections").gauge().value()).isEqualTo(1);
    client.disconnect();
    server.client().resume(client.session());
    server.client().resume(client.session());
    assertThat(resumes("resumed")).isEqualTo(1);
    assertThat(resumes("taken_over")).isEqualTo(1);
    assertThat(server.meters.get("myelin.stream.pressure").tag("lane", "normal").gauge().value())
        .isZero();
  }

  private double observations(String verdict, String lane) {
    return server
        .meters
        .get("myelin.stream.observations")
        .tags("verdict", verdict, "lane", lane)
        .counter()
        .count();
  }

  private double resumes(String result) {
    return server.meters.get("myelin.stream.resumes").tag("result", result).counter().count();
  }

  // -- help ------------------------------------------------------------------------------------

  private void remember(int count) {
    client.init();
    client.observeAll(1, count);
    client.allAccepted(1, count);
  }

  private void recall(int max) {
    RecallQuery query = RecallQuery.about(Client.SPACE, "observation").withMaxResults(max);
    client.send(new Recall("q", false, query));
  }
}

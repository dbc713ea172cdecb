package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.model.ErrorCode;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.Peer.Ending;
import dev.myelin.stream.ServerMessage.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How connections and the service come to their end.
class DrainTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private TestServer server;
  private Client client;

  @BeforeEach
  void open() {
    server = new TestServer(folder);
    client = server.client();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private CompletableFuture<Boolean> drain(Duration atMost) {
    return CompletableFuture.supplyAsync(() -> server.service.drain(atMost), server.recalls);
  }

  @Test
  void settlesAndAnswersWhatWasAcceptedAndEndsEveryConnection() {
    client.init();
    client.flow(FlowAction.SLOW_DOWN); // does not hold the shutdown up
    Client idle = server.client();
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 20);
    CompletableFuture<Boolean> drained = drain(LONG);
    server.loop.until("the idle one is sent away", () -> idle.peer.ending != null);
    assertThat(idle.peer.ending).isEqualTo(Ending.GOING_AWAY);
    client.observe(21); // nobody listens any more
    Client late = server.client();
    late.send(new Init(Client.SPACE, null, Client.PLAIN));
    assertThat(late.failure(ErrorCode.SHUTTING_DOWN).text()).contains("resume");
    assertThat(late.peer.ending).isEqualTo(Ending.GOING_AWAY);
    latch.countDown();
    server.loop.until("drained", drained::isDone);
    assertThat(drained.join()).isTrue();
    client.status(State.ACTIVE);
    client.allAccepted(1, 20);
    assertThat(client.peer.ending).isEqualTo(Ending.GOING_AWAY);
    server.restart(folder);
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(20);
  }

  @Test
  void refusesObservationsThatComeBeforeTheConnectionHears() {
    client.init();
    CompletableFuture<Boolean> drained = drain(LONG);
    server.loop.until("told to go away", () -> server.service.isDraining());
    if (client.peer.ending == null) {
      client.observe(1);
    }
    server.loop.until("drained", drained::isDone);
    assertThat(client.peer.received)
        .allSatisfy(message ->
            assertThat(message)
                .isInstanceOfSatisfying(
                    ServerMessage.Failure.class,
                    failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SHUTTING_DOWN)));
  }

  @Test
  void doesNotWaitForAClientThatDoesNotRead() {
    client.init();
    client.peer.room = 0;
    client.observe(1);
    CompletableFuture<Boolean> drained = drain(Duration.ofMillis(50));
    server.loop.until("given up", drained::isDone);
    assertThat(drained.join()).isFalse();
    server.loop.until("cut off", () -> client.peer.ending == Ending.GOING_AWAY);
    assertThat(client.peer.received).isEmpty();
  }

  @Test
  void waitsForWhatConnectionsThatAreGoneLeftBehind() {
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observe(1);
    client.disconnect();
    assertThat(server.service.drain(Duration.ofMillis(20))).isFalse();
    latch.countDown();
    assertThat(server.service.drain(LONG)).isTrue();
  }

  @Test
  void endsOneThatWaitsToGoOn() {
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observe(1);
    Client second = server.client();
    second.send(new Init(Client.SPACE, client.session(), Client.PLAIN));
    CompletableFuture<Boolean> drained = drain(LONG);
    server.loop.until("ended", () -> second.peer.ending != null);
    assertThat(second.peer.ending).isEqualTo(Ending.GOING_AWAY);
    latch.countDown();
    server.loop.until("drained", drained::isDone);
    assertThat(drained.join()).isTrue();
  }

  @Test
  void endsAtOnceWhenItIsClosed() {
    client.init();
    Client closing = server.client();
    closing.init();
    CountDownLatch latch = server.journal.block();
    client.observe(1);
    closing.observe(1);
    closing.close(true);
    server.service.close();
    server.loop.turn();
    assertThat(client.peer.ending).isEqualTo(Ending.GOING_AWAY);
    assertThat(closing.peer.ending).isEqualTo(Ending.GOING_AWAY);
    latch.countDown();
  }

  @Test
  void answersAClientThatHasNothingMoreToSayAndKeepsItsSession() {
    client.init();
    client.observeAll(1, 5);
    client.recall("q", "observation");
    client.connection.inputEnded();
    client.allAccepted(1, 5);
    client.next(ServerMessage.RecallResult.class);
    server.loop.until("ended", () -> client.peer.ending != null);
    assertThat(client.peer.ending).isEqualTo(Ending.CLOSED);
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(5);
    Client silent = server.client();
    silent.connection.inputEnded();
    server.loop.turn();
    assertThat(silent.peer.ending).isEqualTo(Ending.CLOSED);
  }

  @Test
  void endsAClientThatHasNothingMoreToSayWhileItWaits() {
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observe(1);
    Client second = server.client();
    second.send(new Init(Client.SPACE, client.session(), Client.PLAIN));
    second.connection.inputEnded();
    second.connection.inputEnded();
    assertThat(second.peer.ending).isEqualTo(Ending.CLOSED);
    latch.countDown();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(1);
  }

  @Test
  void leavesNothingOfAHundredConnectionsBehind() {
    for (int round = 0; round < 100; round++) {
      Client one = server.client();
      one.init(Client.INDEXED);
      one.observeAll(1, 3);
      one.allAccepted(1, 3);
      one.close(true);
      one.status(State.CLOSED);
      one.connection.disconnected();
    }
    assertThat(server.service.sessions()).isZero();
    assertThat(server.meters.get("myelin.stream.connections").gauge().value())
        .isEqualTo(1); // the one of the set-up
    server.service.tick();
    assertThat(server.loop.waiting()).isZero();
  }
}

package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Grant;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.Peer.Ending;
import dev.myelin.stream.ServerMessage.InitAck;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.ledger.SessionLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions: resumed, taken over, expired, closed, and kept over restarts and crashes.
class SessionTest {
  private static final Duration IDLE = StreamConfig.DEFAULT.idleTimeout();
  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void open() {
    server = new TestServer(folder, StreamConfig.DEFAULT.withMaxSessions(20));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void tellsWhatItCanDo() {
    InitAck ack = server.client().init();
    assertThat(ack.capabilities().maxObservationsPerSecond()).isEqualTo(100_000);
    assertThat(ack.capabilities().queueCapacity()).isEqualTo(160_000);
  }

  @Test
  void resumesAtTheFloorAfterADisconnect() {
    Client first = server.client();
    first.init();
    first.observeAll(1, 5);
    first.allAccepted(1, 5);
    first.disconnect();
    Client second = server.client();
    InitAck ack = second.resume(first.session());
    assertThat(ack.session()).isEqualTo(first.session());
    assertThat(ack.initialSequence()).isEqualTo(5);
    second.observe(6);
    second.accepted(6);
    second.observe(3);
    assertThat(second.failure(ErrorCode.SEQUENCE_DUPLICATE).text()).contains("memory ep3");
  }

  @Test
  void opensANewSessionForAnUnknownOne() {
    SessionId unknown = SessionId.random();
    InitAck ack = server.client().resume(unknown);
    assertThat(ack.session()).isNotEqualTo(unknown);
    assertThat(ack.initialSequence()).isZero();
  }

  @Test
  void waitsWithTheAnswerUntilWhatWasOnItsWayIsSettled() {
    Client first = server.client();
    first.init();
    CountDownLatch latch = server.journal.block();
    first.observeAll(1, 100);
    first.disconnect();
    Client second = server.client();
    second.send(new Init(Client.SPACE, first.session(), Client.PLAIN));
    assertThat(second.peer.reading).isFalse();
    second.observeAll(101, 103); // sent without waiting; kept until the session goes on
    second.hearsNothing();
    latch.countDown();
    assertThat(second.opened().initialSequence()).isEqualTo(100);
    second.allAccepted(101, 103);
    assertThat(second.peer.reading).isTrue();
  }

  @Test
  void fencesTheConnectionASessionIsTakenOverFrom() {
    Client first = server.client();
    first.init();
    CountDownLatch latch = server.journal.block();
    first.observeAll(1, 10);
    Client second = server.client();
    second.send(new Init(Client.SPACE, first.session(), Client.PLAIN));
    first.observe(11); // too late
    assertThat(first.failure(ErrorCode.SESSION_TAKEN_OVER).text()).contains("Another connection");
    assertThat(first.peer.ending).isEqualTo(Ending.TAKEN_OVER);
    latch.countDown();
    assertThat(second.opened().initialSequence()).isEqualTo(10);
    first.connection.disconnected();
    second.observe(11);
    second.accepted(11);
    assertThat(server.service.sessions()).isEqualTo(1);
  }

  @Test
  void fencesAlsoOneThatStillWaitsToGoOn() {
    Client first = server.client();
    first.init();
    CountDownLatch latch = server.journal.block();
    first.observe(1);
    Client second = server.client();
    second.send(new Init(Client.SPACE, first.session(), Client.PLAIN));
    Client third = server.client();
    third.send(new Init(Client.SPACE, first.session(), Client.PLAIN));
    second.failure(ErrorCode.SESSION_TAKEN_OVER);
    latch.countDown();
    assertThat(third.opened().initialSequence()).isEqualTo(1);
    assertThat(second.peer.received).isEmpty();
    third.observe(2);
    third.accepted(2);
  }

  @Test
  void goesOnWhenOneThatWaitedIsGone() {
    Client first = server.client();
    first.init();
    CountDownLatch latch = server.journal.block();
    first.observe(1);
    first.disconnect();
    Client second = server.client();
    second.send(new Init(Client.SPACE, first.session(), Client.PLAIN));
    second.disconnect();
    latch.countDown();
    assertThat(server.client().resume(first.session()).initialSequence()).isEqualTo(1);
  }

  @Test
  void resumesInTheSpaceOfTheSessionOrNotAtAll() {
    Client first = server.client();
    first.init();
    first.disconnect();
    SpaceId other = SpaceId.parse("other-space");
    assertThat(server.client().init(other, first.session(), Client.PLAIN).session())
        .isNotEqualTo(first.session());
    SpaceId otherTenant = new SpaceId("tenant", SpaceId.DEFAULT.name());
    Principal stranger =
        new Principal("tenant", "key", 0, "stranger", List.of(new Grant(Scope.ADMIN, null)));
    assertThat(server.client(stranger).init(otherTenant, first.session(), Client.PLAIN).session())
        .isNotEqualTo(first.session());
    assertThat(server.client().init(SpaceId.DEFAULT, first.session(), Client.PLAIN).session())
        .isEqualTo(first.session());
  }

  @Test
  void beginsActiveWhenItIsResumed() {
    Client first = server.client();
    first.init();
    first.flow(ClientMessage.FlowAction.PAUSE);
    first.status(State.PAUSED);
    first.disconnect();
    Client second = server.client();
    second.resume(first.session());
    second.observe(1);
    second.accepted(1);
  }

  @Test
  void expiresWhenNobodyResumes() {
    Client gone = server.client();
    gone.init();
    gone.observe(1);
    gone.accepted(1);
    Client here = server.client();
    here.init();
    gone.disconnect();
    server.clock.advance(IDLE.minus(MOMENT));
    server.service.tick();
    assertThat(server.service.sessions()).isEqualTo(2);
    server.clock.advance(MOMENT);
    server.service.tick();
    assertThat(server.service.sessions()).isEqualTo(1);
    here.observe(1);
    here.accepted(1);
    server.restart(folder); // its rows are gone too
    assertThat(server.client().resume(gone.session()).initialSequence()).isZero();
    assertThat(server.client().resume(here.session()).initialSequence()).isEqualTo(1);
  }

  @Test
  void startsTheTimeAnewWithEveryDisconnect() {
    Client client = server.client();
    client.init();
    client.disconnect();
    server.clock.advance(IDLE.minus(MOMENT));
    Client again = server.client();
    again.resume(client.session());
    server.clock.advance(IDLE);
    server.service.tick();
    again.disconnect();
    server.clock.advance(IDLE.minus(MOMENT));
    server.service.tick();
    assertThat(server.client().resume(client.session()).session()).isEqualTo(client.session());
  }

  @Test
  void refusesMoreSessionsThanItHasRoomFor() {
    Client last = server.client();
    last.init();
    for (int i = 1; i < 20; i++) {
      server.client().init();
    }
    Client refused = server.client();
    refused.send(new Init(Client.SPACE, null, Client.PLAIN));
    assertThat(refused.failure(ErrorCode.TOO_MANY_CONNECTIONS).text())
        .contains("20 are open", "try again later");
    last.close(false);
    refused.init();
  }

  @Test
  void settlesEverythingBeforeADrainedClose() {
    Client client = server.client();
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 50);
    client.close(true);
    client.observe(51); // after the close: nobody listens
    client.hearsNothing();
    latch.countDown();
    client.allAccepted(1, 50);
    assertThat(client.status(State.CLOSED).lastSequence()).isEqualTo(50);
    assertThat(client.peer.ending).isEqualTo(Ending.CLOSED);
    assertThat(server.service.sessions()).isZero();
    assertThat(server.client().resume(client.session()).initialSequence()).isZero();
  }

  @Test
  void endsAtOnceWithoutDrainingAndStillCommits() {
    Client client = server.client();
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 5);
    client.close(false);
    assertThat(client.status(State.CLOSED).text()).contains("still committed");
    assertThat(client.peer.ending).isEqualTo(Ending.CLOSED);
    assertThat(server.service.sessions()).isZero();
    latch.countDown();
    Client reader = server.client();
    reader.init();
    reader.observe(1, Lane.LOW, Client.episode("last", "behind the others"));
    reader.accepted(1);
    reader.recall("q", "observation");
    assertThat(reader.next(RecallResult.class).results()).hasSize(5);
    server.restart(folder);
    assertThat(server.service.sessions()).isEqualTo(1);
  }

  @Test
  void removesTheRowsOfManySessionsInSteps() {
    for (int i = 0; i < 20; i++) {
      Client client = server.client();
      client.init();
      client.observe(1);
      client.accepted(1);
      client.disconnect();
    }
    server.clock.advance(IDLE);
    server.service.tick();
    assertThat(server.service.sessions()).isZero();
    server.loop.until(
        "all rows are gone",
        () -> {
          server.service.tick();
          return rows() == 0;
        });
    server.restart(folder);
    assertThat(server.service.sessions()).isZero();
  }

  private int rows() {
    AtomicInteger count = new AtomicInteger();
    SessionLedger.load(server.journal, _ -> count.incrementAndGet());
    return count.get();
  }

  @Test
  void triesAgainToRemoveRows() {
    Client client = server.client();
    client.init();
    client.observe(1);
    client.accepted(1);
    server.journal.refuses = () -> true;
    client.close(true);
    client.status(State.CLOSED);
    server.journal.refuses = () -> false;
    server.service.tick();
    server.restart(folder);
    assertThat(server.service.sessions()).isZero();
  }

  @Test
  void writesNothingForASessionThatObservedNothing() {
    int before = server.journal.submitted.get();
    Client client = server.client();
    client.init();
    client.observe(7);
    client.failure(ErrorCode.SEQUENCE_GAP);
    client.close(true);
    client.status(State.CLOSED);
    assertThat(server.journal.submitted.get()).isEqualTo(before);
  }

  @Test
  void resumesAfterARestartAsOftenAsItExpires() {
    Client client = server.client();
    client.init();
    client.observe(1);
    client.invalid(2);
    client.observe(3, Lane.HIGH);
    client.accepted(1);
    client.rejected(2, ErrorCode.INVALID_EPISODE);
    client.accepted(3);
    server.restart(folder);
    assertThat(server.service.sessions()).isEqualTo(1);
    Client again = server.client();
    assertThat(again.resume(client.session()).initialSequence()).isEqualTo(3);
    again.observe(3);
    assertThat(again.failure(ErrorCode.SEQUENCE_DUPLICATE).text()).contains("memory ep3");
    again.observe(4);
    again.accepted(4);
    server.restart(folder);
    server.clock.advance(IDLE);
    server.service.tick();
    assertThat(server.service.sessions()).isZero();
  }

  @Test
  void resumesExactlyFromACopyOfTheFolderTakenWhileItWrote(@TempDir Path copies)
      throws IOException {
    Client client = server.client();
    client.init(new StreamOptions(10_000, false, false, false));
    Lane[] lanes = Lane.values();
    for (int sequence = 1; sequence <= 3_000; sequence++) {
      client.observe(sequence, lanes[sequence % 3]);
    }
    client.allAccepted(1, 700);
    Path copy = copies.resolve("copy");
    server.journal.backup(copy.resolve("journal"));
    long acknowledged = 700;
    while (client.peer.received.peek() instanceof ServerMessage.Accepted more) {
      acknowledged = Math.min(acknowledged, more.sequence());
      client.peer.received.remove();
    }
    server.restart(copy);
    Client again = server.client();
    long floor = again.resume(client.session()).initialSequence();
    assertThat(floor).isGreaterThanOrEqualTo(acknowledged);
    again.observeAll(floor + 1, floor + 1_000);
    again.allAccepted(floor + 1, floor + 1_000);
    again.recall("all", "observation");
    assertThat(idsOfAll(floor + 1_000)).doesNotHaveDuplicates();
  }

  private List<String> idsOfAll(long expected) {
    var query = RecallQuery.about(Client.SPACE, "observation").withMaxResults(10_000);
    List<String> ids =
        server.memories.recall(query).results().stream()
            .map(result -> result.memory().id().value())
            .toList();
    assertThat(ids.size()).isGreaterThanOrEqualTo((int) expected);
    return ids;
  }

  @Test
  void survivesACrash(@TempDir Path copies) throws IOException {
    Client client = server.client();
    client.init();
    client.observeAll(1, 500);
    client.allAccepted(1, 500);
    Path copy = copies.resolve("copy");
    copyTree(folder, copy);
    server.restart(copy);
    Client again = server.client();
    assertThat(again.resume(client.session()).initialSequence()).isEqualTo(500);
    again.observe(501);
    again.accepted(501);
    assertThat(idsOfAll(501)).hasSize(501).doesNotHaveDuplicates();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}

package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Failure;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers whose verdict cannot be kept: not used up, and nothing after them either.
class StorageFailureTest {
  @TempDir Path folder;
  private TestServer server;
  private Client client;

  @BeforeEach
  void open() {
    server = new TestServer(folder);
    client = server.client();
    client.init();
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// The disk fails at the transactions with these numbers, from now on.
  private void failAt(int first, int last) {
    AtomicInteger count = new AtomicInteger();
    server.journal.fails =
        () -> {
          int number = count.incrementAndGet();
          return number >= first && number <= last;
        };
  }

  @Test
  void doesNotUseANumberUpThatCannotBeQueued() {
    server.journal.refuses = () -> true;
    client.observeAll(1, 3);
    Failure first = client.failure(ErrorCode.STORAGE_UNAVAILABLE);
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(first.text()).contains(FailingJournal.DISK_FULL, "not used up", "Send 1 again");
    for (int sequence = 2; sequence <= 3; sequence++) {
      Failure behind = client.failure(ErrorCode.STORAGE_UNAVAILABLE);
      assertThat(behind.sequence()).isEqualTo(sequence);
      assertThat(behind.text()).contains("because 1 before it", "Send again from 1");
    }
    server.journal.refuses = () -> false;
    client.observeAll(1, 3);
    client.allAccepted(1, 3);
  }

  @Test
  void takesBackWhatFollowsANumberThatFailed() {
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 10);
    failAt(4, 4);
    latch.countDown();
    client.allAccepted(1, 3);
    for (int sequence = 4; sequence <= 10; sequence++) {
      assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(sequence);
    }
    client.observe(11);
    assertThat(client.failure(ErrorCode.SEQUENCE_GAP).text()).contains("expected 4");
    client.observeAll(4, 11);
    client.allAccepted(4, 11);
    assertThat(memories("observation")).isEqualTo(11);
  }

  @Test
  void recognisesWhatAnotherLaneHadCommittedAlready() {
    CountDownLatch latch = server.journal.block();
    client.observe(1, Lane.LOW);
    client.observe(2, Lane.HIGH);
    client.observe(3, Lane.HIGH);
    failAt(3, 3);
    latch.countDown();
    for (int sequence = 1; sequence <= 3; sequence++) {
      assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(sequence);
    }
    client.observeAll(1, 4);
    client.allAccepted(1, 4);
    assertThat(memories("observation")).isEqualTo(4);
    client.disconnect();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(4);
  }

  @Test
  void doesNotRejectWhatWasCommittedAlready() {
    CountDownLatch latch = server.journal.block();
    client.observe(1, Lane.LOW);
    client.observe(2, Lane.HIGH);
    failAt(2, 2);
    latch.countDown();
    client.failure(ErrorCode.STORAGE_UNAVAILABLE);
    client.failure(ErrorCode.STORAGE_UNAVAILABLE);
    client.flow(ClientMessage.FlowAction.PAUSE);
    client.status(ServerMessage.State.PAUSED);
    client.observe(1);
    client.observe(2);
    client.observe(3);
    client.rejected(1, ErrorCode.SESSION_PAUSED);
    assertThat(client.accepted(2).memory().value()).isEqualTo("ep2");
    client.rejected(3, ErrorCode.SESSION_PAUSED);
    client.disconnect();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(3);
  }

  @Test
  void resumesBelowAHoleAndFillsIt() {
    SessionId session = client.session();
    CountDownLatch latch = server.journal.block();
    client.observe(1, Lane.LOW);
    client.observe(2, Lane.HIGH);
    failAt(2, 2);
    latch.countDown();
    client.disconnect();
    server.loop.turn();
    server.restart(folder);
    Client again = server.client();
    assertThat(again.resume(session).initialSequence()).isZero();
    again.observe(1);
    again.observe(2);
    again.allAccepted(1, 2);
    again.disconnect();
    assertThat(server.client().resume(session).initialSequence()).isEqualTo(2);
    assertThat(memories("observation")).isEqualTo(2);
  }

  @Test
  void recognisesANumberThatWasCommittedThoughNobodyKnew() {
    client.observe(1);
    client.accepted(1);
    server.journal.unknown.set(1);
    client.observe(2);
    Failure unknown = client.failure(ErrorCode.OUTCOME_UNKNOWN);
    assertThat(unknown.text()).contains("Send 2 again");
    client.observe(2);
    Accepted known = client.accepted(2);
    assertThat(known.memory().value()).isEqualTo("ep2");
    client.disconnect();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(2);
  }

  @Test
  void doesNotUseNumbersUpWhoseRejectionCannotBeKept() {
    server.journal.refuses = () -> true;
    client.invalid(1);
    client.observe(2);
    assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(1);
    assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(2);
    server.journal.refuses = () -> false;
    CountDownLatch latch = server.journal.block();
    client.invalid(1);
    client.observe(2);
    failAt(1, 1);
    latch.countDown();
    assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(1);
    assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(2);
    client.invalid(1);
    client.observe(2);
    client.rejected(1, ErrorCode.INVALID_EPISODE);
    client.accepted(2);
  }

  @Test
  void takesRejectionsBackThatFollowANumberThatFailed() {
    CountDownLatch latch = server.journal.block();
    client.observe(1);
    client.invalid(2); // runs first: its lane is the highest
    client.observe(3);
    failAt(2, 2);
    latch.countDown();
    for (int sequence = 1; sequence <= 3; sequence++) {
      assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(sequence);
    }
    client.observeAll(1, 3); // 2 may be another now: its rejection was never told
    client.allAccepted(1, 3);
    assertThat(memories("observation")).isEqualTo(3);
  }

  @Test
  void takesBackRejectionsGatheredAfterARoundEnded() {
    CountDownLatch latch = server.journal.block();
    client.observe(1, Lane.HIGH);
    client.invalid(2);
    failAt(1, 1);
    latch.countDown();
    assertThat(client.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(1);
    Failure behind = client.failure(ErrorCode.STORAGE_UNAVAILABLE);
    assertThat(behind.sequence()).isEqualTo(2);
    client.observe(1);
    client.invalid(2);
    client.accepted(1);
    client.rejected(2, ErrorCode.INVALID_EPISODE);
  }

  @Test
  void saysSoInRanges() {
    Client batched = server.client();
    batched.init(Client.BATCHED);
    CountDownLatch latch = server.journal.block();
    batched.observeAll(1, 4);
    failAt(3, 3);
    latch.countDown();
    long told = 0;
    while (told < 2) {
      told = batched.next(ServerMessage.AckBatch.class).to();
    }
    assertThat(batched.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(3);
    assertThat(batched.failure(ErrorCode.STORAGE_UNAVAILABLE).sequence()).isEqualTo(4);
  }

  private int memories(String text) {
    var query = RecallQuery.about(Client.SPACE, text).withMaxResults(1_000);
    return server.memories.recall(query).results().size();
  }
}

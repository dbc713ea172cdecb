package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.journal.Lane;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Malformed;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.State;
import dev.myelin.stream.ServerMessage.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers and their verdicts on one connection.
class SequenceTest {
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

  @Test
  void acknowledgesAThousandNumbersInOrder() {
    assertThat(client.init().initialSequence()).isZero();
    client.observeAll(1, 1_000);
    client.allAccepted(1, 1_000);
    client.hearsNothing();
  }

  @Test
  void namesTheMemoryAndWhetherItReplacedAnOlderOne() {
    client.init();
    client.observe(1, Lane.NORMAL, Client.episode("tea", "the tea is green"));
    Accepted first = client.accepted(1);
    assertThat(first.memory().value()).isEqualTo("tea");
    assertThat(first.committedAt()).isEqualTo(server.clock.instant());
    assertThat(first.replaced()).isFalse();
    client.observe(2, Lane.NORMAL, Client.episode("tea", "the tea is black"));
    assertThat(client.accepted(2).replaced()).isTrue();
  }

  @Test
  void refusesAGapAndNamesTheExpectedSequence() {
    client.init();
    client.observeAll(1, 2);
    client.observe(5);
    client.observe(3);
    client.allAccepted(1, 2);
    Failure gap = client.failure(ErrorCode.SEQUENCE_GAP);
    assertThat(gap.sequence()).isEqualTo(5);
    assertThat(gap.text()).contains("expected 3", "received 5", "Send 3 next");
    client.accepted(3);
  }

  @Test
  void takesNumbersForUnsigned() {
    client.init();
    client.observe(-1);
    assertThat(client.failure(ErrorCode.SEQUENCE_GAP).text()).contains("18446744073709551615");
    client.observe(0);
    assertThat(client.failure(ErrorCode.SEQUENCE_GAP).text()).contains("expected 1", "received 0");
  }

  @Test
  void saysOfADuplicateAsWhichMemoryItWasCommitted() {
    client.init();
    client.observeAll(1, 3);
    client.observe(2); // while 2 is still on its way
    client.allAccepted(1, 3);
    Failure duplicate = client.failure(ErrorCode.SEQUENCE_DUPLICATE);
    assertThat(duplicate.sequence()).isEqualTo(2);
    assertThat(duplicate.text())
        .contains("expected 4", "received 2", "already committed as memory ep2", "Go on with 4");
    client.observe(4);
    client.accepted(4);
  }

  @Test
  void saysOfADuplicateThatItWasRejected() {
    client.init();
    client.invalid(1);
    client.rejected(1, ErrorCode.INVALID_EPISODE);
    client.observe(1);
    assertThat(client.failure(ErrorCode.SEQUENCE_DUPLICATE).text())
        .contains("expected 2", "received 1", "already rejected (INVALID_EPISODE)");
  }

  @Test
  void usesNumbersUpThatItRejects() {
    client.init();
    client.observe(1);
    client.invalid(2);
    client.observe(3);
    client.accepted(1);
    assertThat(client.rejected(2, ErrorCode.INVALID_EPISODE).reason()).contains("what is missing");
    client.accepted(3);
  }

  @Test
  void rejectsAnotherDimensionAndNamesBoth() {
    client.init();
    client.observe(1, Lane.NORMAL, Client.episode("a", 1f, 2f, 3f));
    client.observe(2, Lane.NORMAL, Client.episode("b", 1f, 2f)); // refused by the committer
    client.observe(3, Lane.NORMAL, Client.episode("c", 3f, 2f, 1f));
    client.accepted(1);
    String inFlight = client.rejected(2, ErrorCode.DIMENSION_MISMATCH).reason();
    assertThat(inFlight).contains("2", "3");
    client.accepted(3);
    client.observe(4, Lane.NORMAL, Client.episode("d", 1f)); // refused at the door
    client.rejected(4, ErrorCode.DIMENSION_MISMATCH);
    client.observe(5, Lane.NORMAL, Client.episode("e", 1f, 1f, 1f));
    client.accepted(5);
    client.disconnect();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(5);
  }

  @Test
  void rejectsWhilePausedAndUsesTheNumbersUp() {
    client.init();
    client.flow(FlowAction.PAUSE);
    client.observe(1);
    client.observe(2);
    client.flow(FlowAction.RESUME);
    client.observe(3);
    assertThat(client.status(State.PAUSED).lastSequence()).isZero();
    assertThat(client.rejected(1, ErrorCode.SESSION_PAUSED).reason()).contains("resume");
    client.rejected(2, ErrorCode.SESSION_PAUSED);
    assertThat(client.status(State.ACTIVE).lastSequence()).isEqualTo(2);
    client.accepted(3);
  }

  @Test
  void bundlesRejectionsInOneTransaction() {
    client.init();
    CountDownLatch latch = server.journal.block();
    int before = server.journal.submitted.get();
    for (int sequence = 1; sequence <= 500; sequence++) {
      client.invalid(sequence);
    }
    assertThat(server.journal.submitted.get() - before).isEqualTo(1);
    client.hearsNothing();
    latch.countDown();
    for (int sequence = 1; sequence <= 500; sequence++) {
      client.rejected(sequence, ErrorCode.INVALID_EPISODE);
    }
  }

  @Test
  void repliesInTheOrderOfRequests() {
    client.init();
    client.observe(1);
    client.recall("q", "observation");
    client.observe(9);
    client.send(
        new Malformed(new ServiceException(ErrorCode.INVALID_REQUEST, "Invalid JSON: no.")));
    client.flow(FlowAction.PAUSE);
    client.invalid(2);
    List<ServerMessage> replies = client.next(6);
    assertThat(replies.get(0)).isInstanceOf(Accepted.class);
    assertThat(replies.get(1)).isInstanceOf(RecallResult.class);
    assertThat(replies.get(2))
        .isInstanceOfSatisfying(
            Failure.class, gap -> assertThat(gap.code()).isEqualTo(ErrorCode.SEQUENCE_GAP));
    assertThat(replies.get(3))
        .isInstanceOfSatisfying(
            Failure.class, bad -> assertThat(bad.text()).isEqualTo("Invalid JSON: no."));
    assertThat(replies.get(4)).isInstanceOf(Status.class);
    assertThat(replies.get(5)).isInstanceOf(ServerMessage.Rejected.class);
  }

  @Test
  void settlesMixedLanesInOrder() {
    client.init();
    CountDownLatch latch = server.journal.block();
    Lane[] lanes = Lane.values();
    for (int sequence = 1; sequence <= 300; sequence++) {
      client.observe(sequence, lanes[2 - sequence % 3]);
    }
    latch.countDown();
    client.allAccepted(1, 300);
    client.disconnect();
    assertThat(server.client().resume(client.session()).initialSequence()).isEqualTo(300);
  }

  @Test
  void asksForInitFirst() {
    client.observe(1);
    assertThat(client.failure(ErrorCode.WRONG_STATE).text()).contains("Send init first");
    client.invalid(1);
    client.failure(ErrorCode.WRONG_STATE);
    client.flow(FlowAction.PAUSE);
    client.failure(ErrorCode.WRONG_STATE);
    client.recall("q", "anything");
    client.failure(ErrorCode.WRONG_STATE);
    client.close(true);
    client.failure(ErrorCode.WRONG_STATE);
    client.init();
    client.observe(1);
    client.accepted(1);
  }

  @Test
  void takesOneInitOnly() {
    client.init();
    client.send(new Init(Client.SPACE, null, Client.PLAIN));
    assertThat(client.failure(ErrorCode.WRONG_STATE).text()).contains(client.session().toString());
  }

  @Test
  void refusesAnotherSessionsMessages() {
    client.init();
    SessionId other = SessionId.random();
    client.send(new Observe(other, 1, Lane.NORMAL, Client.episode("x", "y")));
    assertThat(client.failure(ErrorCode.SESSION_MISMATCH).text())
        .contains(other.toString(), client.session().toString());
    client.send(new Observe(null, 1, Lane.NORMAL, Client.episode("x", "y")));
    client.accepted(1);
  }

  @Test
  void answersWhatWasSentBeforeInitWasAcknowledged() {
    client.send(new Init(Client.SPACE, null, Client.PLAIN));
    client.observeAll(1, 10);
    client.opened();
    client.allAccepted(1, 10);
  }

  @Test
  void flushesOncePerBatch() {
    client.init();
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 500);
    int before = client.peer.flushes;
    latch.countDown();
    client.allAccepted(1, 500);
    assertThat(client.peer.flushes - before).isEqualTo(1);
  }

  @Test
  void acknowledgesInRangesOnRequest() {
    client.init(Client.BATCHED);
    CountDownLatch latch = server.journal.block();
    client.observeAll(1, 10);
    client.invalid(11);
    client.observe(12);
    client.recall("q", "observation");
    client.observe(13);
    latch.countDown();
    long told = 0;
    int rejected = 0;
    ServerMessage message = client.next();
    while (message instanceof ServerMessage.AckBatch batch) {
      assertThat(batch.from()).isEqualTo(told + 1);
      assertThat(batch.committedAt()).isEqualTo(server.clock.instant());
      rejected += batch.rejected().size();
      told = batch.to();
      message = client.next();
    }
    assertThat(message).isInstanceOf(RecallResult.class);
    assertThat(told).isEqualTo(12);
    assertThat(rejected).isEqualTo(1);
    ServerMessage.AckBatch last = client.next(ServerMessage.AckBatch.class);
    assertThat(last.from()).isEqualTo(13);
    assertThat(last.to()).isEqualTo(13);
  }
}

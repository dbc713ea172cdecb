package dev.myelin.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.myelin.edge.grpc.Stranger.Talk;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.EmbeddingCue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.Memory;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamClose;
import dev.myelin.proto.engram.v1.StreamInit;
import dev.myelin.proto.engram.v1.StreamStatus;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.testkit.Eventually;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Observation sessions over gRPC, from a stranger's side.
class ObserveStreamIT {
  private static final int SMALL_WINDOW = 65_535;

  @TempDir Path folder;
  private TestServer server;
  private Stranger client;

  @BeforeEach
  void open() {
    server = new TestServer(folder);
    client = new Stranger(server.port);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Talk<ObservationRequest, ObservationResponse> talk(String rpc) {
    return client.talk(
        rpc, ObservationRequest.getDefaultInstance(), ObservationResponse.getDefaultInstance());
  }

  private static ObservationResponse init(
      Talk<ObservationRequest, ObservationResponse> talk, String session) {
    talk.send(
        ObservationRequest.newBuilder()
            .setMemorySpaceId("notes")
            .setSessionId(session)
            .setInit(StreamInit.newBuilder().setEnableBackpressure(true))
            .build());
    return talk.next();
  }

  private static ObservationRequest observation(long sequence, String what) {
    return ObservationRequest.newBuilder()
        .setSequenceNumber(sequence)
        .setObservation(Episode.newBuilder().setId("e" + sequence).setWhat(what))
        .build();
  }

  @Test
  void acknowledgesAThousandObservationsInOrder() {
    var talk = talk("ObserveStream");
    var opened = init(talk, "");
    assertThat(opened.getInitAck().getSessionId()).isEqualTo(opened.getSessionId()).hasSize(36);
    assertThat(opened.getInitAck().getInitialSequence()).isZero();
    assertThat(opened.getInitAck().getCapabilities().getMaxObservationsPerSecond())
        .isEqualTo(100_000);
    assertThat(opened.getInitAck().getCapabilities().getSupportsSnapshotIsolation()).isTrue();
    for (int i = 1; i <= 1_000; i++) {
      talk.send(observation(i, "thing " + i));
    }
    for (int i = 1; i <= 1_000; i++) {
      var answer = talk.next();
      assertThat(answer.getSequenceNumber()).isEqualTo(i);
      assertThat(answer.getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
      assertThat(answer.getAck().getMemoryId()).isEqualTo("e" + i);
      assertThat(answer.getAck().hasCommittedAt()).isTrue();
      assertThat(answer.hasServerTimestamp()).isTrue();
    }
    talk.send(
        ObservationRequest.newBuilder()
            .setClose(StreamClose.newBuilder().setDrainQueue(true))
            .build());
    var closed = talk.next().getStatus();
    assertThat(closed.getState()).isEqualTo(StreamStatus.State.STATE_CLOSED);
    assertThat(closed.getFinalSequence()).isEqualTo(1_000);
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
    Eventually.until("the session is gone", () -> server.observations.sessions() == 0);
  }

  @Test
  void sendsHeadersBeforeTheClientSpeaks() throws Exception {
    assertThat(talk("ObserveStream").headers.get(Stranger.SECONDS, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aGapEndsTheCallAndNamesBothNumbers() {
    var talk = talk("ObserveStream");
    init(talk, "");
    talk.send(observation(1, "one"));
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
    talk.send(observation(3, "three"));
    Status status = talk.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("expected 2").contains("3");
    assertThat(talk.trailer("myelin-error-code")).isEqualTo("sequence_gap");
  }

  @Test
  void aDuplicateEndsTheCallSaysWhatBecameOfItAndTheSessionGoesOn() {
    var talk = talk("ObserveStream");
    String session = init(talk, "").getSessionId();
    talk.send(observation(1, "one"));
    talk.next();
    talk.send(observation(1, "one"));
    Status status = talk.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("expected 2").contains("e1");
    var again = talk("ObserveStream");
    var resumed = init(again, session);
    assertThat(resumed.getSessionId()).isEqualTo(session);
    assertThat(resumed.getInitAck().getInitialSequence()).isEqualTo(1);
    again.send(observation(2, "two"));
    assertThat(again.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
  }

  @Test
  void whatComesBeforeInitOrSaysNothingEndsTheCall() {
    var early = talk("ObserveStream");
    early.send(observation(1, "early"));
    assertThat(early.end().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);

    var empty = talk("ObserveStream");
    init(empty, "");
    empty.send(ObservationRequest.getDefaultInstance());
    Status status = empty.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("Empty operation");

    var twice = talk("ObserveStream");
    init(twice, "");
    twice.send(ObservationRequest.newBuilder().setInit(StreamInit.getDefaultInstance()).build());
    assertThat(twice.end().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);

    var other = talk("ObserveStream");
    init(other, "");
    other.send(observation(1, "x").toBuilder().setSessionId("nobody").build());
    assertThat(other.end().getCode()).isEqualTo(Status.Code.NOT_FOUND);

    var space = talk("ObserveStream");
    space.send(
        ObservationRequest.newBuilder()
            .setMemorySpaceId("No!")
            .setInit(StreamInit.getDefaultInstance())
            .build());
    assertThat(space.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void aBadEpisodeIsRejectedAndTheCallGoesOn() {
    var talk = talk("ObserveStream");
    init(talk, "");
    talk.send(
        ObservationRequest.newBuilder()
            .setSequenceNumber(1)
            .setObservation(Episode.getDefaultInstance())
            .build());
    var rejected = talk.next();
    assertThat(rejected.getSequenceNumber()).isEqualTo(1);
    assertThat(rejected.getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_REJECTED);
    assertThat(rejected.getAck().getCode()).isEqualTo("invalid_episode");
    assertThat(rejected.getAck().getReason()).contains("neither what nor embedding");
    talk.send(observation(2, "good"));
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
  }

  @Test
  void pausesAndResumes() {
    var talk = talk("ObserveStream");
    init(talk, "");
    talk.send(flow(FlowControl.Action.ACTION_PAUSE));
    assertThat(talk.next().getStatus().getState()).isEqualTo(StreamStatus.State.STATE_PAUSED);
    talk.send(observation(1, "not now"));
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_REJECTED);
    talk.send(flow(FlowControl.Action.ACTION_RESUME));
    assertThat(talk.next().getStatus().getState()).isEqualTo(StreamStatus.State.STATE_ACTIVE);
    talk.send(observation(2, "now"));
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
  }

  private static ObservationRequest flow(FlowControl.Action action) {
    return ObservationRequest.newBuilder()
        .setFlow(FlowControl.newBuilder().setAction(action))
        .build();
  }

  @Test
  void resumesAfterACut() {
    var talk = talk("ObserveStream");
    String session = init(talk, "").getSessionId();
    for (int i = 1; i <= 10; i++) {
      talk.send(observation(i, "thing " + i));
    }
    for (int i = 1; i <= 10; i++) {
      talk.next();
    }
    talk.call.cancel("cut off", null);
    talk.end();
    var resumed = init(talk("ObserveStream"), session);
    assertThat(resumed.getSessionId()).isEqualTo(session);
    assertThat(resumed.getInitAck().getInitialSequence()).isEqualTo(10);
  }

  @Test
  void endsTheCallWhenTheClientHasNothingMoreToSayAndKeepsTheSession() {
    var talk = talk("ObserveStream");
    String session = init(talk, "").getSessionId();
    talk.send(observation(1, "last"));
    talk.call.halfClose();
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
    assertThat(init(talk("ObserveStream"), session).getInitAck().getInitialSequence()).isEqualTo(1);
  }

  @Test
  void whoResumesTakesTheSessionOver() {
    var first = talk("ObserveStream");
    String session = init(first, "").getSessionId();
    assertThat(init(talk("ObserveStream"), session).getSessionId()).isEqualTo(session);
    Status status = first.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(first.trailer("myelin-error-code")).isEqualTo("session_taken_over");
  }

  @Test
  void recallsOnTheSameStreamWhatWasSentBefore() {
    var talk = talk("MemoryStream");
    init(talk, "");
    for (int i = 1; i <= 25; i++) {
      talk.send(
          observation(i, "thing " + i).toBuilder()
              .setObservation(
                  Episode.newBuilder()
                      .setId("e" + i)
                      .setWhat("thing " + i)
                      .addAllEmbedding(List.of(1f, (float) i)))
              .build());
    }
    talk.send(
        ObservationRequest.newBuilder()
            .setRecall(
                StreamingRecallRequest.newBuilder()
                    .setRequestId("r1")
                    .setIncludeEmbeddings(true)
                    .setCue(
                        Cue.newBuilder()
                            .setEmbedding(EmbeddingCue.newBuilder().addVector(1f).addVector(25f))))
            .build());
    for (int i = 1; i <= 25; i++) {
      assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
    }
    var first = talk.next().getRecall();
    assertThat(first.getRequestId()).isEqualTo("r1");
    assertThat(first.getResultsCount()).isEqualTo(10);
    assertThat(first.getMoreResults()).isTrue();
    assertThat(first.getSnapshotSequence()).isEqualTo(25);
    Memory best = first.getResults(0);
    assertThat(best.getId()).isEqualTo("e25");
    assertThat(best.getEmbeddingList()).containsExactly(1f, 25f);
    assertThat(best.getSimilarity()).isCloseTo(1f, offset(1e-5f));
    assertThat(talk.next().getRecall().getMoreResults()).isTrue();
    var last = talk.next().getRecall();
    assertThat(last.getResultsCount()).isEqualTo(5);
    assertThat(last.getMoreResults()).isFalse();
  }

  @Test
  void aBadRecallIsAnErrorMessageAndTheCallGoesOn() {
    var talk = talk("MemoryStream");
    init(talk, "");
    talk.send(
        ObservationRequest.newBuilder()
            .setRecall(StreamingRecallRequest.newBuilder().setRequestId("q7"))
            .build());
    var error = talk.next().getError();
    assertThat(error.getCode()).isEqualTo("invalid_cue");
    assertThat(error.getRequestId()).isEqualTo("q7");
    talk.send(observation(1, "still here"));
    assertThat(talk.next().getAck().getStatus()).isEqualTo(ObservationAck.Status.STATUS_ACCEPTED);
  }

  @Test
  void aClientThatDoesNotReadIsNotReadEither() {
    try (Stranger lazy =
        new Stranger(server.port, builder -> builder.flowControlWindow(SMALL_WINDOW))) {
      var call =
          lazy.channel.newCall(
              Stranger.method(
                  "ObserveStream",
                  MethodType.BIDI_STREAMING,
                  ObservationRequest.getDefaultInstance(),
                  ObservationResponse.getDefaultInstance()),
              lazy.options);
      var talk = new Talk<>(call, 0);
      talk.send(
          ObservationRequest.newBuilder()
              .setInit(StreamInit.newBuilder().setClientBufferSize(100))
              .build());
      String text = "x".repeat(1_000);
      long sent = 0;
      while (isReadySoon(call)) {
        talk.send(observation(++sent, text));
        assertThat(sent).as("observations that the server read").isLessThan(20_000);
      }
      call.request(Integer.MAX_VALUE);
      assertThat(talk.next().hasInitAck()).isTrue();
      for (int i = 1; i <= sent; i++) {
        assertThat(talk.next().getSequenceNumber()).isEqualTo(i);
      }
    }
  }

  /// Whether the transport takes a message within a time in which a server that reads takes
  /// thousands.
  private static boolean isReadySoon(ClientCall<?, ?> call) {
    long end = System.nanoTime() + 2_000_000_000L;
    while (!call.isReady() && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
    }
    return call.isReady();
  }
}

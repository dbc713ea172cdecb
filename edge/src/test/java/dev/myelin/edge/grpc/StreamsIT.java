package dev.myelin.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.grpc.Stranger.Talk;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.FlowStatus;
import dev.myelin.proto.engram.v1.Memory;
import dev.myelin.proto.engram.v1.MemoryFlowRequest;
import dev.myelin.proto.engram.v1.MemoryFlowResponse;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecallResponse;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.RememberResponse;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.StreamEventType;
import dev.myelin.proto.engram.v1.StreamRequest;
import dev.myelin.proto.engram.v1.StreamResponse;
import dev.myelin.proto.engram.v1.StreamSubscription;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rpcs with many messages, but for observation sessions.
class StreamsIT {
  @TempDir Path folder;
  private TestServer server;
  private Stranger client;

  @BeforeEach
  void open() {
    server = new TestServer(folder, call -> {}, new GrpcOptions(4 * 1024 * 1024, 8, 16));
    client = new Stranger(server.port);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static RememberRequest remember(String id, String what) {
    return RememberRequest.newBuilder()
        .setMemorySpaceId("notes")
        .setEpisode(Episode.newBuilder().setId(id).setWhat(what))
        .build();
  }

  private static RecallRequest recall(String query) {
    return RecallRequest.newBuilder()
        .setMemorySpaceId("notes")
        .setCue(Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery(query)))
        .setMaxResults(50)
        .build();
  }

  private void store(int number) {
    var talk =
        client.talk(
            "StreamingRemember",
            RememberRequest.getDefaultInstance(),
            RememberResponse.getDefaultInstance());
    for (int i = 1; i <= number; i++) {
      talk.send(remember("m" + i, "thing " + i));
    }
    for (int i = 1; i <= number; i++) {
      var answer = talk.next();
      assertThat(answer.getMemoryId()).isEqualTo("m" + i);
      assertThat(answer.getSequence()).isEqualTo(i);
    }
    talk.call.halfClose();
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
  }

  @Test
  void remembersManyInOrderWithFewWaiting() {
    store(300);
  }

  @Test
  void aRefusedRememberEndsItsCallAfterTheAnswersBefore() {
    var talk =
        client.talk(
            "StreamingRemember",
            RememberRequest.getDefaultInstance(),
            RememberResponse.getDefaultInstance());
    talk.send(remember("a", "fine"));
    talk.send(RememberRequest.getDefaultInstance());
    assertThat(talk.next().getMemoryId()).isEqualTo("a");
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void recallsManyTimesOnOneCall() {
    store(3);
    var talk =
        client.talk(
            "StreamingRecall",
            RecallRequest.getDefaultInstance(),
            RecallResponse.getDefaultInstance());
    for (int i = 1; i <= 20; i++) {
      talk.send(recall(i % 2 == 0 ? "thing" : "nothing"));
    }
    for (int i = 1; i <= 20; i++) {
      assertThat(talk.next().getMemoriesList()).hasSize(i % 2 == 0 ? 3 : 0);
    }
    talk.call.halfClose();
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
  }

  private Talk<StreamingRecallRequest, StreamingRecallResponse> recallStream(
      StreamingRecallRequest.Builder request) {
    var talk =
        new Talk<>(
            client.channel.newCall(
                Stranger.method(
                    "RecallStream",
                    MethodType.SERVER_STREAMING,
                    StreamingRecallRequest.getDefaultInstance(),
                    StreamingRecallResponse.getDefaultInstance()),
                client.options));
    talk.send(request.setMemorySpaceId("notes").build());
    talk.call.halfClose();
    return talk;
  }

  private static StreamingRecallRequest.Builder streamed(String query) {
    return StreamingRecallRequest.newBuilder()
        .setCue(Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery(query)));
  }

  @Test
  void streamsARecallInBatchesOfTen() {
    store(35);
    var talk = recallStream(streamed("thing").setRequestId("q").setSnapshotIsolation(true));
    List<String> ids = new ArrayList<>();
    for (int batch = 0; batch < 4; batch++) {
      var answer = talk.next();
      assertThat(answer.getRequestId()).isEqualTo("q");
      assertThat(answer.getSnapshotSequence()).isEqualTo(35);
      assertThat(answer.getMoreResults()).isEqualTo(batch < 3);
      assertThat(answer.getMetadata().getAboveThreshold()).isEqualTo(35);
      answer.getResultsList().stream().map(Memory::getId).forEach(ids::add);
    }
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
    assertThat(ids).hasSize(35).doesNotHaveDuplicates();
  }

  @Test
  void anEmptyAnswerIsOneMessage() {
    store(1);
    var talk = recallStream(streamed("nothing"));
    var only = talk.next();
    assertThat(only.getResultsCount()).isZero();
    assertThat(only.getMoreResults()).isFalse();
    assertThat(only.getSnapshotSequence()).isEqualTo(1);
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
    assertThat(recallStream(StreamingRecallRequest.newBuilder()).end().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void readsAsOfATime() {
    var early =
        client.unary(
            "Remember", remember("early", "thing early"), RememberResponse.getDefaultInstance());
    long before =
        early.getCommittedAt().getSeconds() * 1_000_000_000 + early.getCommittedAt().getNanos();
    RememberResponse late;
    do {
      late =
          client.unary(
              "Remember", remember("late", "thing late"), RememberResponse.getDefaultInstance());
    } while (late.getCommittedAt().getSeconds() * 1_000_000_000 + late.getCommittedAt().getNanos()
        <= before);
    var talk = recallStream(streamed("thing").setSnapshotTime(early.getCommittedAt()));
    assertThat(talk.next().getResultsList()).extracting(Memory::getId).containsExactly("early");
  }

  private Talk<StreamRequest, StreamResponse> activity(StreamRequest.Builder request)
      throws Exception {
    var talk =
        new Talk<>(
            client.channel.newCall(
                Stranger.method(
                    "Stream",
                    MethodType.SERVER_STREAMING,
                    StreamRequest.getDefaultInstance(),
                    StreamResponse.getDefaultInstance()),
                client.options));
    talk.send(request.setMemorySpaceId("notes").build());
    talk.call.halfClose();
    // Headers come when the watching has begun.
    talk.headers.get(Stranger.SECONDS, TimeUnit.SECONDS);
    return talk;
  }

  @Test
  void tellsWhatHappensInASpace() throws Exception {
    var talk = activity(StreamRequest.newBuilder());
    store(2);
    for (int i = 1; i <= 2; i++) {
      var event = talk.next();
      assertThat(event.getEventType()).isEqualTo(StreamEventType.STREAM_EVENT_TYPE_STORAGE);
      assertThat(event.getMetadataMap())
          .containsEntry("memory_id", "m" + i)
          .containsEntry("content", "thing " + i)
          .containsEntry("offset", Integer.toString(i))
          .containsEntry("space", "notes")
          .containsEntry("change", "stored");
      assertThat(event.getImportance()).isEqualTo(0.5f);
    }
    talk.call.cancel("enough", null);
    talk.end();
  }

  @Test
  void leavesOutWhatIsNotWanted() throws Exception {
    var unimportant = activity(StreamRequest.newBuilder().setMinImportance(0.9f));
    var others =
        activity(
            StreamRequest.newBuilder()
                .addEventTypes(StreamEventType.STREAM_EVENT_TYPE_CONSOLIDATION));
    var all = activity(StreamRequest.newBuilder());
    store(1);
    all.next();
    assertThat(unimportant.isQuiet()).isTrue();
    assertThat(others.isQuiet()).isTrue();
  }

  @Test
  void remembersRecallsAndSubscribesOnOneCall() {
    var talk =
        client.talk(
            "MemoryFlow",
            MemoryFlowRequest.getDefaultInstance(),
            MemoryFlowResponse.getDefaultInstance());
    talk.send(
        flow(1).setSessionId("mine").setSubscribe(StreamSubscription.getDefaultInstance()).build());
    var subscribed = talk.next();
    assertThat(subscribed.getStatus().getState()).isEqualTo(FlowStatus.State.STATE_ACTIVE);
    assertThat(subscribed.getSessionId()).isEqualTo("mine");
    talk.send(flow(2).setControl(control(FlowControl.Action.ACTION_PAUSE)).build());
    assertThat(talk.next().getStatus().getState()).isEqualTo(FlowStatus.State.STATE_PAUSED);
    talk.send(flow(3).setRemember(remember("m1", "thing one")).build());
    talk.send(flow(4).setRecall(recall("thing")).build());
    talk.send(flow(5).setRecall(RecallRequest.getDefaultInstance()).build());
    assertThat(talk.next().getRememberResult().getMemoryId()).isEqualTo("m1");
    var recalled = talk.next();
    assertThat(recalled.getSequenceNumber()).isEqualTo(4);
    assertThat(recalled.getRecallResult().getMemoriesList()).hasSize(1);
    var refused = talk.next();
    assertThat(refused.getStatus().getState()).isEqualTo(FlowStatus.State.STATE_ERROR);
    assertThat(refused.getStatus().getMetricsMap()).containsEntry("code", "invalid_cue");
    talk.send(flow(6).setControl(control(FlowControl.Action.ACTION_RESUME)).build());
    assertThat(List.of(talk.next(), talk.next()))
        .satisfiesOnlyOnce(
            event -> assertThat(event.getEvent().getMetadataMap()).containsEntry("memory_id", "m1"))
        .satisfiesOnlyOnce(status ->
            assertThat(status.getStatus().getState()).isEqualTo(FlowStatus.State.STATE_ACTIVE));
  }

  @Test
  void tellsASlowReaderHowManyEventsItMissed() {
    var talk =
        client.talk(
            "MemoryFlow",
            MemoryFlowRequest.getDefaultInstance(),
            MemoryFlowResponse.getDefaultInstance());
    talk.send(flow(1).setSubscribe(StreamSubscription.newBuilder().setBufferSize(5)).build());
    talk.send(flow(2).setControl(control(FlowControl.Action.ACTION_PAUSE)).build());
    talk.next();
    talk.next();
    store(12);
    talk.send(flow(3).setControl(control(FlowControl.Action.ACTION_RESUME)).build());
    List<StreamResponse> events = new ArrayList<>();
    while (events.size() < 6) {
      var answer = talk.next();
      if (answer.hasEvent()) {
        events.add(answer.getEvent());
      }
    }
    for (int i = 1; i <= 5; i++) {
      assertThat(events.get(i - 1).getMetadataMap()).containsEntry("memory_id", "m" + i);
    }
    assertThat(events.getLast().getMetadataMap()).containsEntry("missed", "7");
  }

  private static FlowControl control(FlowControl.Action action) {
    return FlowControl.newBuilder().setAction(action).build();
  }

  private static MemoryFlowRequest.Builder flow(long sequence) {
    return MemoryFlowRequest.newBuilder().setMemorySpaceId("notes").setSequenceNumber(sequence);
  }
}

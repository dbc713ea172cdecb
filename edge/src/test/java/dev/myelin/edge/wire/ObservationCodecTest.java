package dev.myelin.edge.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import dev.myelin.journal.Lane;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.Confidence;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.ObservationPriority;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.StreamClose;
import dev.myelin.proto.engram.v1.StreamInit;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.StreamOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationCodecTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final SessionId SESSION =
      SessionId.parse("6f1c1c1e-7a3b-4c58-9d57-0a0b0c0d0e0f").orElseThrow();

  private final ObservationCodec codec =
      new ObservationCodec(SpaceId.DEFAULT, InstantSource.fixed(NOW));

  @Test
  void readsInitWithAllItsOptions() {
    assertThat(
            decode(
                ObservationRequest.newBuilder()
                    .setMemorySpaceId("notes")
                    .setSessionId(SESSION.toString())
                    .setInit(
                        StreamInit.newBuilder()
                            .setClientBufferSize(50)
                            .setEnableBackpressure(true)
                            .setBatchedAcks(true)
                            .setIndexedAcks(true))))
        .isEqualTo(
            new ClientMessage.Init(
                SpaceId.parse("notes"), SESSION, new StreamOptions(50, true, true, true)));
  }

  @Test
  void initWithoutSpaceTakesTheFallbackAndAnUnreadableSessionIsNone() {
    assertThat(
            decode(
                ObservationRequest.newBuilder()
                    .setSessionId("yesterday")
                    .setInit(StreamInit.newBuilder().setClientBufferSize(-1))))
        .isEqualTo(
            new ClientMessage.Init(
                SpaceId.DEFAULT, null, new StreamOptions(Integer.MAX_VALUE, false, false, false)));
  }

  @Test
  void readsAnObservationWithEverythingItSays() {
    var message =
        decode(
            ObservationRequest.newBuilder()
                .setSessionId(SESSION.toString())
                .setSequenceNumber(7)
                .setPriority(ObservationPriority.OBSERVATION_PRIORITY_HIGH)
                .setObservation(
                    Episode.newBuilder()
                        .setId("e7")
                        .setWhen(Timestamps.of(NOW))
                        .setWhat("the door opened")
                        .addAllEmbedding(List.of(0.25f, -1f, 3.5f))
                        .setEncodingConfidence(Confidence.newBuilder().setValue(1.5f))
                        .setWhereLocation("hall")
                        .addWho("Ada")
                        .setWhy("wind")
                        .setHow("slowly")
                        .setImportance(2f)
                        .setEmotionalValence(-3f)
                        .setDecayRate(0.1f)
                        .addTags("doors")
                        .putMetadata("sensor", "3")));
    assertThat(message)
        .asInstanceOf(type(ClientMessage.Observe.class))
        .satisfies(observe -> {
          assertThat(observe.session()).isEqualTo(SESSION);
          assertThat(observe.sequence()).isEqualTo(7);
          assertThat(observe.lane()).isEqualTo(Lane.HIGH);
          var episode = observe.episode();
          assertThat(episode.id()).hasToString("e7");
          assertThat(episode.when()).isEqualTo(NOW);
          assertThat(episode.what()).isEqualTo("the door opened");
          assertThat(episode.embedding())
              .isEqualTo(dev.myelin.model.Embedding.of(new float[] {0.25f, -1f, 3.5f}));
          assertThat(episode.confidence().value()).isEqualTo(1f);
          var circumstances = episode.circumstances();
          assertThat(circumstances.place()).isEqualTo("hall");
          assertThat(circumstances.people()).containsExactly("Ada");
          assertThat(circumstances.why()).isEqualTo("wind");
          assertThat(circumstances.how()).isEqualTo("slowly");
          assertThat(circumstances.importance()).isEqualTo(1f);
          assertThat(circumstances.emotionalValence()).isEqualTo(-1f);
          assertThat(circumstances.decayRate()).isEqualTo(0.1f);
          assertThat(circumstances.tags()).containsExactly("doors");
          assertThat(circumstances.metadata()).containsEntry("sensor", "3");
        });
  }

  @Test
  void aBadEpisodeIsInvalidButKeepsItsNumber() {
    assertInvalid(Episode.newBuilder(), ErrorCode.INVALID_EPISODE);
    assertInvalid(
        Episode.newBuilder().setWhat("x").addEmbedding(Float.NaN), ErrorCode.INVALID_EMBEDDING);
    assertInvalid(
        Episode.newBuilder().setWhat("x").addEmbedding(Float.POSITIVE_INFINITY),
        ErrorCode.INVALID_EMBEDDING);
    assertInvalid(Episode.newBuilder().setWhat("x").addEmbedding(0f), ErrorCode.INVALID_EMBEDDING);
    assertInvalid(
        Episode.newBuilder().setWhat("x").setId("i".repeat(10_000)), ErrorCode.INVALID_EPISODE);
    assertInvalid(
        Episode.newBuilder().setWhat("x").setImportance(Float.NaN), ErrorCode.INVALID_EPISODE);
    assertInvalid(
        Episode.newBuilder()
            .setWhat("x")
            .setEncodingConfidence(Confidence.newBuilder().setValue(Float.NaN)),
        ErrorCode.INVALID_EPISODE);
    assertInvalid(
        Episode.newBuilder()
            .setWhat("x")
            .setWhen(com.google.protobuf.Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)),
        ErrorCode.INVALID_EPISODE);
    assertInvalid(
        Episode.newBuilder().setWhat("x".repeat(64 * 1024 + 1)), ErrorCode.INVALID_EPISODE);
  }

  private void assertInvalid(Episode.Builder episode, ErrorCode code) {
    assertThat(decode(ObservationRequest.newBuilder().setSequenceNumber(3).setObservation(episode)))
        .asInstanceOf(type(ClientMessage.Invalid.class))
        .satisfies(invalid -> {
          assertThat(invalid.sequence()).isEqualTo(3);
          assertThat(invalid.reason().code()).isEqualTo(code);
        });
  }

  @Test
  void aRecallLooksWhereTheSessionIsUnlessItSaysOtherwise() {
    decode(
        ObservationRequest.newBuilder()
            .setMemorySpaceId("notes")
            .setInit(StreamInit.getDefaultInstance()));
    var recall =
        StreamingRecallRequest.newBuilder()
            .setRequestId("r1")
            .setCue(Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery("door")));
    assertThat(decode(ObservationRequest.newBuilder().setRecall(recall)))
        .asInstanceOf(type(ClientMessage.Recall.class))
        .satisfies(message -> {
          assertThat(message.requestId()).isEqualTo("r1");
          assertThat(message.query().space()).isEqualTo(SpaceId.parse("notes"));
          assertThat(message.query().text()).isEqualTo("door");
          assertThat(message.query().maxResults()).isEqualTo(Recalls.DEFAULT_STREAMED_RESULTS);
        });
    assertThat(
            decode(ObservationRequest.newBuilder().setRecall(recall.setMemorySpaceId("elsewhere"))))
        .asInstanceOf(type(ClientMessage.Recall.class))
        .extracting(message -> message.query().space().name())
        .isEqualTo("elsewhere");
  }

  @Test
  void readsFlowAndClose() {
    assertThat(
            decode(
                ObservationRequest.newBuilder()
                    .setFlow(
                        FlowControl.newBuilder()
                            .setAction(FlowControl.Action.ACTION_BUFFER_STATUS)
                            .setBufferRemaining(12))))
        .isEqualTo(new ClientMessage.Flow(null, FlowAction.BUFFER_STATUS, 12));
    assertThat(
            decode(
                ObservationRequest.newBuilder()
                    .setClose(StreamClose.newBuilder().setDrainQueue(true))))
        .isEqualTo(new ClientMessage.Close(null, true));
  }

  @Test
  void whatCannotBeUnderstoodSaysWhatWasExpected() {
    assertMalformed(ObservationRequest.newBuilder(), ErrorCode.INVALID_REQUEST, "Empty operation");
    assertMalformed(
        ObservationRequest.newBuilder().setFlow(FlowControl.newBuilder().setActionValue(99)),
        ErrorCode.INVALID_REQUEST,
        "Unknown flow control action: 99");
    assertMalformed(
        ObservationRequest.newBuilder()
            .setSessionId("mine")
            .setObservation(Episode.newBuilder().setWhat("x")),
        ErrorCode.SESSION_MISMATCH,
        "Unknown session: \"mine\"");
    assertMalformed(
        ObservationRequest.newBuilder()
            .setMemorySpaceId("A B")
            .setInit(StreamInit.getDefaultInstance()),
        ErrorCode.INVALID_SPACE,
        "Invalid memory_space_id");
    assertMalformed(
        ObservationRequest.newBuilder()
            .setSequenceNumber(-1)
            .setObservation(Episode.newBuilder().setWhat("x")),
        ErrorCode.INVALID_REQUEST,
        "18446744073709551615");
  }

  private void assertMalformed(ObservationRequest.Builder request, ErrorCode code, String text) {
    assertThat(decode(request))
        .asInstanceOf(type(ClientMessage.Malformed.class))
        .satisfies(malformed -> {
          assertThat(malformed.reason().code()).isEqualTo(code);
          assertThat(malformed.reason().text()).contains(text);
        });
  }

  @Test
  void bytesThatAreNoMessageAreMalformed() {
    byte[] bytes = {0x12, 0x7f, 0x01};
    assertThat(codec.decode(bytes, 0, bytes.length))
        .asInstanceOf(type(ClientMessage.Malformed.class))
        .extracting(malformed -> malformed.reason().text())
        .asString()
        .startsWith("Invalid protobuf");
  }

  @Test
  void readsFromTheMiddleOfAnArray() {
    byte[] message =
        ObservationRequest.newBuilder()
            .setClose(StreamClose.getDefaultInstance())
            .build()
            .toByteArray();
    byte[] bytes =
        ByteString.copyFromUtf8("xyz").concat(ByteString.copyFrom(message)).toByteArray();
    assertThat(codec.decode(bytes, 3, message.length))
        .isEqualTo(new ClientMessage.Close(null, false));
  }

  private ClientMessage decode(ObservationRequest.Builder request) {
    byte[] bytes = request.build().toByteArray();
    return codec.decode(bytes, 0, bytes.length);
  }
}

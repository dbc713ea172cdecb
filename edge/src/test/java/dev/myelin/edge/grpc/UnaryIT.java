package dev.myelin.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.Message;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.proto.engram.v1.AssociateRequest;
import dev.myelin.proto.engram.v1.AssociateResponse;
import dev.myelin.proto.engram.v1.ConsolidationState;
import dev.myelin.proto.engram.v1.ContextCue;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.Embedding;
import dev.myelin.proto.engram.v1.EmbeddingCue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.ExperienceRequest;
import dev.myelin.proto.engram.v1.ExperienceResponse;
import dev.myelin.proto.engram.v1.ForgetMode;
import dev.myelin.proto.engram.v1.ForgetRequest;
import dev.myelin.proto.engram.v1.ForgetResponse;
import dev.myelin.proto.engram.v1.IntrospectRequest;
import dev.myelin.proto.engram.v1.IntrospectResponse;
import dev.myelin.proto.engram.v1.Memory;
import dev.myelin.proto.engram.v1.PatternCue;
import dev.myelin.proto.engram.v1.PeopleList;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecallResponse;
import dev.myelin.proto.engram.v1.RecognizeRequest;
import dev.myelin.proto.engram.v1.RecognizeResponse;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.RememberResponse;
import dev.myelin.proto.engram.v1.ReminisceRequest;
import dev.myelin.proto.engram.v1.ReminisceResponse;
import dev.myelin.proto.engram.v1.SemanticCue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Rpcs with one request and one answer. Each test has a space of its own.
@TestInstance(Lifecycle.PER_CLASS)
class UnaryIT {
  private TestServer server;
  private Stranger client;

  @BeforeAll
  void open(@TempDir Path folder) {
    server = new TestServer(folder);
    client = new Stranger(server.port);
  }

  @AfterAll
  void close() {
    client.close();
    server.close();
  }

  private RememberResponse remember(String space, Episode.Builder episode) {
    return client.unary(
        "Remember",
        RememberRequest.newBuilder().setMemorySpaceId(space).setEpisode(episode).build(),
        RememberResponse.getDefaultInstance());
  }

  private RecallResponse recall(String space, Cue.Builder cue) {
    return client.unary(
        "Recall",
        RecallRequest.newBuilder().setMemorySpaceId(space).setCue(cue).build(),
        RecallResponse.getDefaultInstance());
  }

  private static Cue.Builder words(String query) {
    return Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery(query));
  }

  private static Cue.Builder meaning(float... values) {
    EmbeddingCue.Builder cue = EmbeddingCue.newBuilder();
    for (float value : values) {
      cue.addVector(value);
    }
    return Cue.newBuilder().setEmbedding(cue);
  }

  private <Q extends Message, A extends Message> void assertRefused(
      String rpc, Q request, A answer, Status.Code code, String text) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> client.unary(rpc, request, answer))
        .satisfies(refusal -> {
          assertThat(refusal.getStatus().getCode()).isEqualTo(code);
          assertThat(refusal.getStatus().getDescription()).contains(text);
        });
  }

  @Test
  void recallsWhatItRememberedAtOnce() {
    var stored =
        client.unary(
            "Remember",
            RememberRequest.newBuilder()
                .setMemorySpaceId("recalls")
                .setMemory(
                    Memory.newBuilder()
                        .setContent("the blue door is open")
                        .addTags("door")
                        .putMetadata("floor", "2"))
                .build(),
            RememberResponse.getDefaultInstance());
    assertThat(stored.getMemoryId()).hasSize(36);
    assertThat(stored.getSequence()).isEqualTo(1);
    assertThat(stored.getInitialState()).isEqualTo(ConsolidationState.CONSOLIDATION_STATE_RECENT);
    assertThat(stored.getStorageConfidence().getValue()).isEqualTo(0.7f);
    var found = recall("recalls", words("blue door"));
    assertThat(found.getMemoriesList()).hasSize(1);
    Memory memory = found.getMemories(0);
    assertThat(memory.getId()).isEqualTo(stored.getMemoryId());
    assertThat(memory.getContent()).isEqualTo("the blue door is open");
    assertThat(memory.getTagsList()).containsExactly("door");
    assertThat(memory.getMetadataMap()).containsEntry("floor", "2");
    assertThat(memory.getCreatedAt()).isEqualTo(stored.getCommittedAt());
    assertThat(memory.getEmbeddingCount()).isZero();
    assertThat(found.getSnapshotSequence()).isEqualTo(1);
    assertThat(found.getMetadata().getAboveThreshold()).isEqualTo(1);
  }

  @Test
  void takesTheSpaceFromTheMetadataIfTheFieldIsEmpty() {
    client.unary(
        "Remember",
        RememberRequest.newBuilder().setEpisode(Episode.newBuilder().setWhat("apples")).build(),
        RememberResponse.getDefaultInstance(),
        Map.of("x-memory-space", "orchard"));
    assertThat(recall("orchard", words("apples")).getMemoriesList()).hasSize(1);
    assertThat(recall("default", words("apples")).getMemoriesList()).isEmpty();
  }

  @Test
  void ranksByMeaningAndFiltersInside() {
    remember("ranks", Episode.newBuilder().setId("a").addAllEmbedding(List.of(1f, 0f)));
    remember("ranks", Episode.newBuilder().setId("b").addAllEmbedding(List.of(0.8f, 0.6f)));
    remember("ranks", Episode.newBuilder().setId("c").addAllEmbedding(List.of(0f, 1f)));
    var found = recall("ranks", meaning(1f, 0f));
    assertThat(found.getMemoriesList()).extracting(Memory::getId).containsExactly("a", "b", "c");
    assertThat(found.getMemories(1).getSimilarity()).isCloseTo(0.8f, offset(1e-5f));
    assertThat(found.getRecallConfidence().getValue()).isCloseTo(1f, offset(1e-5f));
    var near =
        Cue.newBuilder()
            .setEmbedding(
                EmbeddingCue.newBuilder().addVector(1f).addVector(0f).setSimilarityThreshold(0.5f));
    assertThat(recall("ranks", near).getMemoriesList()).hasSize(2);
  }

  @Test
  void findsByContext() {
    remember(
        "context",
        Episode.newBuilder()
            .setId("hall")
            .setWhat("a knock")
            .setWhereLocation("Hall")
            .addWho("Ada"));
    remember(
        "context",
        Episode.newBuilder().setId("attic").setWhat("a noise").setWhereLocation("attic"));
    assertThat(
            recall(
                    "context",
                    Cue.newBuilder()
                        .setContext(
                            ContextCue.newBuilder().setLocation("hall").addParticipants("ada")))
                .getMemoriesList())
        .extracting(Memory::getId)
        .containsExactly("hall");
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    var recalled = RecallResponse.getDefaultInstance();
    assertRefused(
        "Recall",
        RecallRequest.getDefaultInstance(),
        recalled,
        Status.Code.INVALID_ARGUMENT,
        "Invalid cue");
    assertRefused(
        "Recall",
        RecallRequest.newBuilder()
            .setCue(Cue.newBuilder().setPattern(PatternCue.getDefaultInstance()))
            .build(),
        recalled,
        Status.Code.UNIMPLEMENTED,
        "Pattern cues are not supported");
    assertRefused(
        "Recall",
        RecallRequest.newBuilder().setMemorySpaceId("x").setCue(words("y")).build(),
        recalled,
        Status.Code.INVALID_ARGUMENT,
        "Invalid memory_space_id: \"x\"");
    assertRefused(
        "Remember",
        RememberRequest.getDefaultInstance(),
        RememberResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "memory or episode");
    remember("two-d", Episode.newBuilder().addAllEmbedding(List.of(1f, 2f)));
    assertRefused(
        "Remember",
        RememberRequest.newBuilder()
            .setMemorySpaceId("two-d")
            .setEpisode(Episode.newBuilder().addEmbedding(1f))
            .build(),
        RememberResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "2");
    assertRefused(
        "Recall",
        RecallRequest.newBuilder().setMemorySpaceId("two-d").setCue(meaning(1f, 2f, 3f)).build(),
        recalled,
        Status.Code.INVALID_ARGUMENT,
        "3");
    assertRefused(
        "Associate",
        AssociateRequest.getDefaultInstance(),
        AssociateResponse.getDefaultInstance(),
        Status.Code.UNIMPLEMENTED,
        "Associate is part of the protocol");
    assertRefused(
        "Conjure",
        AssociateRequest.getDefaultInstance(),
        AssociateResponse.getDefaultInstance(),
        Status.Code.UNIMPLEMENTED,
        "Unknown method");
  }

  @Test
  void forgetsForGoodOrUntilTakenBack() {
    remember("forgets", Episode.newBuilder().setId("m").setWhat("a secret"));
    var suppressed = forget("forgets", "m", ForgetMode.FORGET_MODE_SUPPRESS);
    assertThat(suppressed.getMemoriesAffected()).isEqualTo(1);
    assertThat(suppressed.getReversible()).isTrue();
    assertThat(recall("forgets", words("secret")).getMemoriesList()).isEmpty();
    assertThat(forget("forgets", "m", ForgetMode.FORGET_MODE_RESTORE).getMemoriesAffected())
        .isEqualTo(1);
    assertThat(recall("forgets", words("secret")).getMemoriesList()).hasSize(1);
    var deleted = forget("forgets", "m", ForgetMode.FORGET_MODE_DELETE);
    assertThat(deleted.getReversible()).isFalse();
    assertThat(deleted.getForgetConfidence().getValue()).isEqualTo(1f);
    assertThat(recall("forgets", words("secret")).getMemoriesList()).isEmpty();
    assertThat(forget("forgets", "m", ForgetMode.FORGET_MODE_DELETE).getMemoriesAffected())
        .isZero();
    assertRefused(
        "Forget",
        ForgetRequest.newBuilder().setMemoryId("m").build(),
        ForgetResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "mode");
    assertRefused(
        "Forget",
        ForgetRequest.newBuilder().setMode(ForgetMode.FORGET_MODE_DELETE).build(),
        ForgetResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "target");
    assertRefused(
        "Forget",
        ForgetRequest.newBuilder()
            .setMemoryId("m")
            .setMode(ForgetMode.FORGET_MODE_OVERWRITE)
            .build(),
        ForgetResponse.getDefaultInstance(),
        Status.Code.UNIMPLEMENTED,
        "overwriting");
    assertRefused(
        "Forget",
        ForgetRequest.newBuilder()
            .setPattern(words("secret"))
            .setMode(ForgetMode.FORGET_MODE_DELETE)
            .build(),
        ForgetResponse.getDefaultInstance(),
        Status.Code.UNIMPLEMENTED,
        "Recall first");
  }

  private ForgetResponse forget(String space, String id, ForgetMode mode) {
    return client.unary(
        "Forget",
        ForgetRequest.newBuilder().setMemorySpaceId(space).setMemoryId(id).setMode(mode).build(),
        ForgetResponse.getDefaultInstance());
  }

  @Test
  void recognizesWhatIsLikeSomethingRemembered() {
    remember(
        "knows",
        Episode.newBuilder().setId("a").setWhat("red car").addAllEmbedding(List.of(1f, 0f)));
    var alike = recognize(RecognizeRequest.newBuilder().setEmbedding(vector(0.8f, 0.6f)));
    assertThat(alike.getRecognized()).isTrue();
    assertThat(alike.getFamiliarityScore()).isCloseTo(0.8f, offset(1e-5f));
    assertThat(alike.getSimilarMemories(0).getId()).isEqualTo("a");
    assertThat(
            recognize(
                    RecognizeRequest.newBuilder()
                        .setEmbedding(vector(0.8f, 0.6f))
                        .setRecognitionThreshold(0.9f))
                .getRecognized())
        .isFalse();
    assertThat(recognize(RecognizeRequest.newBuilder().setContent("red car")).getFamiliarityScore())
        .isCloseTo(1f, offset(1e-5f));
    var half = recognize(RecognizeRequest.newBuilder().setContent("red bicycle"));
    assertThat(half.getFamiliarityScore()).isCloseTo(0.5f, offset(1e-5f));
    assertThat(half.getRecognized()).isFalse();
    assertThat(recognize(RecognizeRequest.newBuilder().setContent("zebra")).getFamiliarityScore())
        .isZero();
    assertRefused(
        "Recognize",
        RecognizeRequest.getDefaultInstance(),
        RecognizeResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "nothing to recognise");
  }

  private RecognizeResponse recognize(RecognizeRequest.Builder request) {
    return client.unary(
        "Recognize",
        request.setMemorySpaceId("knows").build(),
        RecognizeResponse.getDefaultInstance());
  }

  private static Embedding vector(float... values) {
    Embedding.Builder vector = Embedding.newBuilder();
    for (float value : values) {
      vector.addValues(value);
    }
    return vector.build();
  }

  @Test
  void experiencesAndReminisces() {
    Instant noon = Instant.parse("2026-01-10T12:00:00Z");
    for (int day = 0; day < 3; day++) {
      var experienced =
          client.unary(
              "Experience",
              ExperienceRequest.newBuilder()
                  .setMemorySpaceId("life")
                  .setEpisode(
                      Episode.newBuilder()
                          .setId("day" + day)
                          .setWhat("walk number " + day)
                          .setWhen(Timestamps.of(noon.plusSeconds(day * 86_400L)))
                          .setWhereLocation(day == 1 ? "beach" : "forest")
                          .addWho(day == 2 ? "Eve" : "Ada")
                          .setEmotionalValence(day - 0.5f)
                          .addTags("walks"))
                  .build(),
              ExperienceResponse.getDefaultInstance());
      assertThat(experienced.getEpisodeId()).isEqualTo("day" + day);
      assertThat(experienced.getSequence()).isEqualTo(day + 1);
    }
    assertThat(reminisce(ReminisceRequest.newBuilder().setAroundTime(Timestamps.of(noon))))
        .containsExactly("day0");
    assertThat(reminisce(ReminisceRequest.newBuilder().setAtLocation("Beach")))
        .containsExactly("day1");
    assertThat(
            reminisce(
                ReminisceRequest.newBuilder()
                    .setWithPeople(PeopleList.newBuilder().addPeople("ada"))))
        .containsExactly("day1", "day0");
    assertThat(reminisce(ReminisceRequest.newBuilder().setAboutTopic("number 2"))).contains("day2");
    assertThat(
            reminisce(
                ReminisceRequest.newBuilder()
                    .setTimeWindowStart(Timestamps.of(noon.plusSeconds(3_600)))))
        .containsExactly("day2", "day1");
    var all =
        client.unary(
            "Reminisce",
            ReminisceRequest.newBuilder()
                .setMemorySpaceId("life")
                .setTimeWindowStart(Timestamps.of(noon))
                .setIncludeEmotional(true)
                .build(),
            ReminisceResponse.getDefaultInstance());
    assertThat(all.getMemoryThemesList()).containsExactly("walks");
    assertThat(all.getEmotionalSummaryOrThrow("mean_valence"))
        .isCloseTo((-0.5f + 0.5f + 1f) / 3, offset(1e-5f));
    assertThat(all.getRecallVividness().getValue()).isCloseTo(0.7f, offset(1e-5f));
    assertRefused(
        "Reminisce",
        ReminisceRequest.getDefaultInstance(),
        ReminisceResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "time window");
    assertRefused(
        "Experience",
        ExperienceRequest.getDefaultInstance(),
        ExperienceResponse.getDefaultInstance(),
        Status.Code.INVALID_ARGUMENT,
        "episode");
  }

  private List<String> reminisce(ReminisceRequest.Builder request) {
    return client
        .unary(
            "Reminisce",
            request.setMemorySpaceId("life").build(),
            ReminisceResponse.getDefaultInstance())
        .getEpisodesList()
        .stream()
        .map(Episode::getId)
        .toList();
  }

  @Test
  void introspectsWithTrueNumbers() {
    remember("counts", Episode.newBuilder().setWhat("one"));
    remember("counts", Episode.newBuilder().setWhat("two"));
    var one =
        client.unary(
            "Introspect",
            IntrospectRequest.newBuilder()
                .setMemorySpaceId("counts")
                .setIncludeHealth(true)
                .setIncludeStatistics(true)
                .build(),
            IntrospectResponse.getDefaultInstance());
    assertThat(one.getStatistics().getTotalMemories()).isEqualTo(2);
    assertThat(one.getStatistics().hasNewestMemory()).isTrue();
    assertThat(one.getHealth().getHealthy()).isTrue();
    assertThat(one.getMetricsOrThrow("memories")).isEqualTo(2f);
    assertThat(one.getMetricsSnapshotJson()).startsWith("{").contains("\"memories\":2.0");
    var all =
        client.unary(
            "Introspect",
            IntrospectRequest.newBuilder().addMetrics("memories").build(),
            IntrospectResponse.getDefaultInstance());
    assertThat(all.getMetricsMap()).containsOnlyKeys("memories");
    assertThat(all.getMetricsOrThrow("memories")).isGreaterThanOrEqualTo(2f);
    assertRefused(
        "Introspect",
        IntrospectRequest.newBuilder().setMemorySpaceId("nowhere").build(),
        IntrospectResponse.getDefaultInstance(),
        Status.Code.NOT_FOUND,
        "nowhere");
  }
}

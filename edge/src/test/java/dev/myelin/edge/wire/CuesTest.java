package dev.myelin.edge.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myelin.memory.RecallQuery;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.Confidence;
import dev.myelin.proto.engram.v1.ContextCue;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.CueFilter;
import dev.myelin.proto.engram.v1.EmbeddingCue;
import dev.myelin.proto.engram.v1.HybridCue;
import dev.myelin.proto.engram.v1.PatternCue;
import dev.myelin.proto.engram.v1.RelativeDirection;
import dev.myelin.proto.engram.v1.RelativeTime;
import dev.myelin.proto.engram.v1.RepeatingInterval;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.TemporalCue;
import dev.myelin.proto.engram.v1.TemporalPattern;
import dev.myelin.proto.engram.v1.TimeUnit;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CuesTest {
  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");

  @Test
  void anEmbeddingCueLooksByMeaning() {
    RecallQuery query =
        read(
            Cue.newBuilder()
                .setEmbedding(EmbeddingCue.newBuilder().addVector(1f).setSimilarityThreshold(0.4f))
                .setThreshold(Confidence.newBuilder().setValue(0.3f))
                .setMaxResults(5));
    assertThat(query.embedding()).isNotNull();
    assertThat(query.text()).isNull();
    assertThat(query.minSimilarity()).isEqualTo(0.4f);
    assertThat(query.filter().minConfidence()).isEqualTo(0.3f);
    assertThat(query.maxResults()).isEqualTo(5);
  }

  @Test
  void aHybridCueLooksByBothAndAFilterGoesBesideIt() {
    RecallQuery query =
        read(
            Cue.newBuilder()
                .setHybrid(
                    HybridCue.newBuilder()
                        .setEmbedding(EmbeddingCue.newBuilder().addVector(1f))
                        .setSemantic(
                            SemanticCue.newBuilder()
                                .setQuery("door")
                                .addRequiredTags("a")
                                .addExcludedTags("b")))
                .setRankByActivation(true)
                .setFilter(
                    CueFilter.newBuilder()
                        .setTimeStart(Timestamps.of(NOW))
                        .addRequiredTags("c")
                        .addParticipants("Ada")
                        .setLocation("hall")
                        .setMinConfidence(0.9f)));
    assertThat(query.embedding()).isNotNull();
    assertThat(query.text()).isEqualTo("door");
    assertThat(query.filter().requiredTags()).containsExactly("a", "c");
    assertThat(query.filter().excludedTags()).containsExactly("b");
    assertThat(query.filter().people()).containsExactly("Ada");
    assertThat(query.filter().place()).isEqualTo("hall");
    assertThat(query.filter().from()).isEqualTo(NOW);
    assertThat(query.filter().minConfidence()).isEqualTo(0.9f);
    assertThat(query.minSimilarity()).isEqualTo(-1f);
    assertThat(query.rankByActivation()).isTrue();
    assertThat(query.maxResults()).isEqualTo(10);
  }

  @Test
  void aContextCueAndAFilterMeetInTheNarrowerRange() {
    RecallQuery query =
        read(
            Cue.newBuilder()
                .setContext(
                    ContextCue.newBuilder()
                        .setTimeStart(Timestamps.of(NOW.minusSeconds(100)))
                        .setTimeEnd(Timestamps.of(NOW))
                        .setLocation("Hall"))
                .setFilter(
                    CueFilter.newBuilder()
                        .setTimeStart(Timestamps.of(NOW.minusSeconds(50)))
                        .setTimeEnd(Timestamps.of(NOW.plusSeconds(50)))
                        .setLocation("hall")));
    assertThat(query.filter().from()).isEqualTo(NOW.minusSeconds(50));
    assertThat(query.filter().to()).isEqualTo(NOW);
  }

  @Test
  void temporalCuesAreRangesBesideTheReferenceTime() {
    assertRange(
        relative(1, TimeUnit.TIME_UNIT_MONTHS, RelativeDirection.RELATIVE_DIRECTION_BEFORE),
        Instant.parse("2026-02-28T12:00:00Z"),
        NOW);
    assertRange(
        relative(2, TimeUnit.TIME_UNIT_HOURS, RelativeDirection.RELATIVE_DIRECTION_AFTER),
        NOW,
        NOW.plusSeconds(7200));
    assertRange(
        relative(1, TimeUnit.TIME_UNIT_WEEKS, RelativeDirection.RELATIVE_DIRECTION_AROUND),
        NOW.minusSeconds(7 * 86_400),
        NOW.plusSeconds(7 * 86_400));
    Instant other = NOW.minusSeconds(1_000);
    assertRange(
        TemporalCue.newBuilder()
            .setReferenceTime(Timestamps.of(other))
            .setPattern(
                TemporalPattern.newBuilder()
                    .setInterval(
                        RepeatingInterval.newBuilder()
                            .setValue(30)
                            .setUnit(TimeUnit.TIME_UNIT_SECONDS))),
        other.minusSeconds(30),
        other);
  }

  private static TemporalCue.Builder relative(
      int offset, TimeUnit unit, RelativeDirection direction) {
    return TemporalCue.newBuilder()
        .setPattern(
            TemporalPattern.newBuilder()
                .setRelative(
                    RelativeTime.newBuilder()
                        .setOffset(offset)
                        .setUnit(unit)
                        .setDirection(direction)));
  }

  private static void assertRange(TemporalCue.Builder cue, Instant from, Instant to) {
    RecallQuery query = read(Cue.newBuilder().setTemporal(cue));
    assertThat(query.filter().from()).isEqualTo(from);
    assertThat(query.filter().to()).isEqualTo(to);
  }

  @Test
  void whatAsksForNothingIsInvalid() {
    for (Cue.Builder cue :
        List.of(
            Cue.newBuilder(),
            Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery("  ")),
            Cue.newBuilder().setEmbedding(EmbeddingCue.getDefaultInstance()),
            Cue.newBuilder().setContext(ContextCue.getDefaultInstance()),
            Cue.newBuilder().setTemporal(TemporalCue.getDefaultInstance()),
            Cue.newBuilder()
                .setTemporal(
                    relative(
                        0, TimeUnit.TIME_UNIT_DAYS, RelativeDirection.RELATIVE_DIRECTION_BEFORE)),
            Cue.newBuilder()
                .setTemporal(
                    relative(
                        1,
                        TimeUnit.TIME_UNIT_UNSPECIFIED,
                        RelativeDirection.RELATIVE_DIRECTION_BEFORE)),
            Cue.newBuilder()
                .setTemporal(
                    relative(
                        Integer.MAX_VALUE,
                        TimeUnit.TIME_UNIT_YEARS,
                        RelativeDirection.RELATIVE_DIRECTION_BEFORE)),
            Cue.newBuilder()
                .setContext(ContextCue.newBuilder().setLocation("hall"))
                .setFilter(CueFilter.newBuilder().setLocation("attic")),
            Cue.newBuilder().setFilter(CueFilter.newBuilder().setMinConfidence(Float.NaN)))) {
      assertRefused(cue, ErrorCode.INVALID_CUE);
    }
  }

  @Test
  void patternsAndCronExpressionsAreUnsupported() {
    assertRefused(
        Cue.newBuilder().setPattern(PatternCue.getDefaultInstance()), ErrorCode.UNSUPPORTED);
    assertRefused(
        Cue.newBuilder()
            .setTemporal(
                TemporalCue.newBuilder()
                    .setPattern(TemporalPattern.newBuilder().setCronExpression("* * * * *"))),
        ErrorCode.UNSUPPORTED);
  }

  @Test
  void aFilterAloneFindsTheNewest() {
    RecallQuery query =
        read(Cue.newBuilder().setFilter(CueFilter.newBuilder().addRequiredTags("a")));
    assertThat(query.embedding()).isNull();
    assertThat(query.text()).isNull();
    assertThat(query.filter().requiredTags()).containsExactly("a");
  }

  private static void assertRefused(Cue.Builder cue, ErrorCode code) {
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> read(cue))
        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static RecallQuery read(Cue.Builder cue) {
    return Cues.read(cue.build(), new Cues.Request(SpaceId.DEFAULT, 0, 10, false, null), NOW);
  }
}

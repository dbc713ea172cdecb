package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static dev.myelin.memory.EngineFixture.about;
import static dev.myelin.memory.EngineFixture.episode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.myelin.memory.ranking.AccessCounts;
import dev.myelin.memory.ranking.Activation;
import dev.myelin.model.Embedding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivationTest {
  @TempDir Path folder;

  @Test
  void fadesByTwoComponents() {
    Duration hour = Duration.ofHours(1);
    assertThat(Activation.after(Duration.ZERO, 0, Float.NaN)).isEqualTo(1f);
    assertThat(Activation.after(hour, 2, Float.NaN))
        .isCloseTo((float) Math.exp(-1 / 1.96), within(1e-6f));
    assertThat(Activation.after(hour, 3, Float.NaN))
        .isCloseTo((float) Math.pow(2, -0.18), within(1e-6f));
    assertThat(Activation.after(hour, 0, 0.5f)).isCloseTo((float) Math.exp(-0.5), within(1e-6f));
    assertThat(Activation.after(Duration.ofDays(365), 0, Float.NaN)).isEqualTo(0.1f);
    assertThat(Activation.after(Duration.ofHours(-1), 0, Float.NaN)).isEqualTo(1f);
  }

  @Test
  void tracksTheMostRecentlyRecalledOnly() {
    AccessCounts counts = new AccessCounts(2);
    Instant now = Instant.EPOCH;
    counts.touch("space", 1, now);
    counts.touch("space", 1, now.plusSeconds(5));
    counts.touch("space", 2, now);
    assertThat(counts.of("space", 1, now))
        .isEqualTo(new AccessCounts.Access(2, now.plusSeconds(5)));
    counts.touch("space", 3, now);
    assertThat(counts.of("space", 2, now).count()).isZero();
    assertThat(counts.of("space", 1, now).count()).isEqualTo(2);
  }

  @Test
  void ranksByActivationWhenAsked() {
    try (EngineFixture fixture = new EngineFixture(folder)) {
      fixture.remember(episode("old", "the same words", 1, 0.01f));
      fixture.now = fixture.now.plusSeconds(36_000);
      fixture.remember(episode("new", "the same words", 1, 0.2f));

      Embedding cue = Embedding.of(new float[] {1, 0});
      RecallQuery plain =
          new RecallQuery(
              SPACE, cue, null, MemoryFilter.NONE, 1, -1f, Long.MAX_VALUE, false, false);
      RecallQuery byActivation =
          new RecallQuery(SPACE, cue, null, MemoryFilter.NONE, 1, -1f, Long.MAX_VALUE, false, true);
      assertThat(fixture.recall(byActivation)).containsExactly("new");
      assertThat(fixture.recall(plain)).containsExactly("old");
      for (int i = 0; i < 3; i++) {
        assertThat(fixture.recall(about("same words"))).hasSize(2);
      }
      fixture.now = fixture.now.plusSeconds(3_600);
      assertThat(fixture.engine.recall(plain).results().getFirst().activation())
          .isCloseTo((float) Math.pow(2, -0.18), within(1e-5f));
    }
  }

  @Test
  void dropsWhatIsTooFar() {
    try (EngineFixture fixture = new EngineFixture(folder)) {
      fixture.remember(episode("near", "", 1, 0));
      fixture.remember(episode("far", "", 0, 1));
      RecallQuery strict =
          new RecallQuery(
              SPACE,
              Embedding.of(new float[] {1, 0}),
              null,
              MemoryFilter.NONE,
              10,
              0.5f,
              Long.MAX_VALUE,
              false,
              false);
      assertThat(fixture.recall(strict)).containsExactly("near");
    }
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> new MemoryConfig(0, 1, Duration.ofHours(1), 1, 1, 1, 1))
        .hasMessageContaining("maxSpaces: 0");
    assertThatThrownBy(() -> new MemoryConfig(1, 1, Duration.ZERO, 1, 1, 1, 1))
        .hasMessageContaining("idleAfter");
  }
}

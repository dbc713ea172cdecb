package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static dev.myelin.memory.EngineFixture.about;
import static dev.myelin.memory.EngineFixture.episode;
import static dev.myelin.memory.EngineFixture.named;
import static dev.myelin.memory.EngineFixture.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryEngineTest {
  @TempDir Path folder;
  private EngineFixture fixture;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void recallsWhatIsNearestFirst() {
    fixture.remember(episode("east", "", 1, 0));
    fixture.remember(episode("north", "", 0, 1));
    fixture.remember(episode("north-east", "", 3, 3));

    Recollection answer = fixture.engine.recall(near(0, 2));

    assertThat(EngineFixture.ids(answer)).containsExactly("north", "north-east", "east");
    assertThat(answer.results().get(1).similarity()).isCloseTo(0.70710677f, within(1e-6f));
    assertThat(answer.snapshotSequence()).isEqualTo(3);
  }

  @Test
  void recallsByWordsWhateverTheirForm() {
    fixture.remember(episode("cat", "The cats were sleeping on the mat"));
    fixture.remember(episode("dog", "A dog barked at the postman, and barked again"));

    assertThat(fixture.recall(about("sleeping cat"))).containsExactly("cat");
    assertThat(fixture.recall(about("Who BARKS?"))).containsExactly("dog");
    assertThat(fixture.recall(about("zebra"))).isEmpty();
  }

  @Test
  void fusesWordsAndMeaning() {
    fixture.remember(episode("both", "red apple", 1, 0));
    fixture.remember(episode("words", "red apple", 0, 1));
    fixture.remember(episode("meaning", "something else", 1, 0.1f));

    RecallQuery query =
        new RecallQuery(
            SPACE,
            Embedding.of(new float[] {1, 0}),
            "apple",
            MemoryFilter.NONE,
            10,
            -1f,
            Long.MAX_VALUE,
            false,
            false);
    assertThat(fixture.recall(query)).first().isEqualTo("both");
    assertThat(fixture.recall(query)).containsExactlyInAnyOrder("both", "words", "meaning");
  }

  @Test
  void givesTheNewestWithoutACue() {
    fixture.remember(episode("a", "first"));
    fixture.now = fixture.now.plusSeconds(1);
    fixture.remember(episode("b", "second"));

    RecallQuery query =
        new RecallQuery(
            SPACE, null, null, MemoryFilter.NONE, 10, -1f, Long.MAX_VALUE, false, false);
    assertThat(fixture.recall(query)).containsExactly("b", "a");
    assertThat(fixture.recall(query.withMaxResults(1))).containsExactly("b");
  }

  @Test
  void givesTheNewestOfEqualsFirst() {
    fixture.remember(episode("older", "same", 1, 0));
    fixture.remember(episode("newer", "same", 1, 0));

    assertThat(fixture.recall(near(1, 0))).containsExactly("newer", "older");
    assertThat(fixture.recall(about("same"))).containsExactly("newer", "older");
  }

  @Test
  void theNewestMemoryOfAnIdReplacesTheOlder() {
    assertThat(fixture.remember(episode("a", "old words", 1, 0)).replaced()).isFalse();
    assertThat(fixture.remember(episode("a", "new words", 0, 1)).replaced()).isTrue();

    assertThat(fixture.recall(near(1, 0))).containsExactly("a");
    assertThat(fixture.engine.find(SPACE, new MemoryId("a")).map(Memory::content))
        .contains("new words");
    assertThat(fixture.recall(about("old"))).isEmpty();

    fixture.restart();
    assertThat(fixture.recall(near(1, 0))).containsExactly("a");
    assertThat(fixture.recall(about("old"))).isEmpty();
  }

  @Test
  void deletesForGoodWithAllOlderVersions() {
    fixture.remember(episode("a", "secret one"));
    fixture.remember(episode("a", "secret two"));
    fixture.remember(episode("b", "stays"));

    assertThat(fixture.engine.forget(SPACE, named("a", "unknown"), ForgetMode.DELETE)).isOne();

    for (int round = 0; round < 2; round++) {
      assertThat(fixture.recall(about("secret"))).isEmpty();
      assertThat(fixture.engine.find(SPACE, new MemoryId("a"))).isEmpty();
      assertThat(fixture.recall(about("stays"))).containsExactly("b");
      assertThat(fixture.engine.space(SPACE).orElseThrow().memories()).isOne();
      fixture.restart();
    }
    StreamName stream = StreamName.of(SPACE);
    assertThat(fixture.journal.read(stream, 1, PageLimit.DEFAULT).records())
        .extracting(JournalRecord::erased)
        .containsExactly(true, true, false, false, false);
    assertThat(fixture.remember(episode("a", "new life")).replaced()).isFalse();
  }

  @Test
  void suppressesAndRestores() {
    fixture.remember(episode("a", "hidden words", 1, 0));

    assertThat(fixture.engine.forget(SPACE, named("a"), ForgetMode.SUPPRESS)).isOne();
    assertThat(fixture.engine.forget(SPACE, named("a"), ForgetMode.SUPPRESS)).isZero();
    assertThat(fixture.recall(about("hidden"))).isEmpty();
    assertThat(fixture.recall(near(1, 0))).isEmpty();
    assertThat(fixture.engine.find(SPACE, new MemoryId("a"))).isEmpty();
    fixture.restart();
    assertThat(fixture.recall(about("hidden"))).isEmpty();

    assertThat(fixture.engine.forget(SPACE, named("a"), ForgetMode.RESTORE)).isOne();
    assertThat(fixture.recall(about("hidden"))).containsExactly("a");
    fixture.restart();
    assertThat(fixture.recall(near(1, 0))).containsExactly("a");
    assertThat(fixture.engine.forget(SPACE, named("a"), ForgetMode.RESTORE)).isZero();
  }

  @Test
  void refusesAnotherDimensionAndNamesBoth() {
    fixture.remember(episode("a", "", 1, 0));

    assertThatThrownBy(() -> fixture.remember(episode("b", "", 1, 0, 0)))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH);
              assertThat(e.text()).contains("3 values").contains("embeddings of 2");
            });
    assertThatThrownBy(() -> fixture.recall(near(1, 0, 0)))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH));
  }

  @Test
  void twoFirstEmbeddingsOfDifferentDimensionsCannotBothWin() {
    var first = fixture.submit(SPACE, episode("a", "", 1, 0));
    var second = fixture.submit(SPACE, episode("b", "", 1, 0, 0));

    assertThat(EngineFixture.await(first).offset()).isOne();
    assertThatThrownBy(() -> EngineFixture.await(second)).isInstanceOf(ServiceException.class);
  }

  @Test
  void createsSpacesWithADimension() {
    SpaceId other = SpaceId.parse("other-space");
    assertThat(fixture.engine.space(other)).isEmpty();
    assertThat(fixture.engine.create(other, new SpaceOptions(3)).dimension()).isEqualTo(3);
    assertThat(fixture.engine.create(other, new SpaceOptions(0)).dimension()).isEqualTo(3);
    assertThatThrownBy(() -> fixture.engine.create(other, new SpaceOptions(4)))
        .isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> fixture.submit(other, episode("a", "", 1, 0)))
        .isInstanceOf(ServiceException.class);
    fixture.restart();
    fixture.remember(episode("a", "text"));
    assertThat(fixture.engine.spaces("default"))
        .extracting(info -> info.id().name())
        .containsExactly("other-space", "test-space");
  }

  @Test
  void tellsWatchersInOrderOfCommit() {
    List<String> heard = new ArrayList<>();
    SpaceListener listener =
        new SpaceListener() {
          @Override
          public void remembered(Memory memory) {
            heard.add(memory.id() + "@" + memory.offset());
          }

          @Override
          public void forgotten(MemoryId id, ForgetMode mode) {
            heard.add(mode + " " + id);
          }
        };
    try (MemoryEngine.Watch _ = fixture.engine.watch(SPACE, listener)) {
      fixture.remember(episode("a", "one"));
      fixture.remember(episode("b", "two"));
      fixture.engine.forget(SPACE, named("a"), ForgetMode.DELETE);
    }
    fixture.remember(episode("c", "unheard"));

    assertThat(heard).containsExactly("a@1", "b@2", "DELETE a");
  }

  @Test
  void refusesABlankCue() {
    assertThatThrownBy(() -> fixture.recall(about("  ")))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CUE));
  }

  @Test
  void givesTheMemoryBackAsItWas() {
    fixture.remember(episode("a", "what it was", 1, 2));

    RecallQuery query =
        new RecallQuery(
            SPACE,
            Embedding.of(new float[] {1, 2}),
            null,
            MemoryFilter.NONE,
            1,
            -1f,
            Long.MAX_VALUE,
            true,
            false);
    Recalled recalled = fixture.engine.recall(query).results().getFirst();
    assertThat(recalled.memory().episode()).isEqualTo(episode("a", "what it was", 1, 2));
    assertThat(recalled.memory().committedAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    assertThat(
            fixture.engine.recall(near(1, 2)).results().getFirst().memory().episode().embedding())
        .isNull();
  }
}

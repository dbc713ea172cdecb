package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static dev.myelin.memory.EngineFixture.about;
import static dev.myelin.memory.EngineFixture.episode;
import static dev.myelin.memory.EngineFixture.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.Lane;
import dev.myelin.journal.PageLimit;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.space.Draft;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several changes of a space in one write.
final class SpaceWorkTest {
  private static final Table TABLE = new Table("test");

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

  private void work(Consumer<SpaceBatch> changes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    fixture.engine.write(
        SPACE,
        Lane.NORMAL,
        new SpaceWork() {
          @Override
          public int sizeInBytes() {
            return 100;
          }

          @Override
          public void run(SpaceBatch batch) {
            changes.accept(batch);
          }

          @Override
          public void committed() {
            done.complete(null);
          }

          @Override
          public void failed(ServiceException reason) {
            done.completeExceptionally(reason);
          }
        });
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException known ? known : e;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<JournalRecord> records() {
    return fixture.journal.read(StreamName.of(SPACE), 1, PageLimit.DEFAULT).records();
  }

  @Test
  void commitsManyChangesTogetherAndSurvivesARestart() {
    Draft one = fixture.engine.draft(episode("one", "red apple", 1, 0));
    Draft two = fixture.engine.draft(episode("two", "green pear", 0, 1));
    fixture.remember(episode("old", "blue plum", 1, 1));
    work(batch -> {
      batch.remember(one);
      assertThat(batch.remember(two).offset()).isEqualTo(3);
      assertThat(batch.forget(new MemoryId("old"))).isTrue();
      assertThat(batch.forget(new MemoryId("unknown"))).isFalse();
      assertThat(batch.note(bytes("noted"))).isEqualTo(5);
      batch.tables().put(TABLE, bytes("k"), bytes("v"));
    });
    for (int round = 0; round < 2; round++) {
      assertThat(fixture.recall(near(1, 0))).containsExactly("one", "two");
      assertThat(fixture.recall(about("plum"))).doesNotContain("old");
      assertThat(fixture.journal.get(TABLE, bytes("k"))).isEqualTo(bytes("v"));
      JournalRecord last = records().getLast();
      assertThat(last.kind()).isEqualTo(RecordKind.NOTED.code());
      assertThat(last.payload()).isEqualTo(bytes("noted"));
      assertThat(records().getFirst().erased()).isTrue();
      fixture.restart();
    }
  }

  @Test
  void doesAllOrNothing() {
    Draft good = fixture.engine.draft(episode("good", "text", 1, 0));
    Draft wrong = fixture.engine.draft(episode("wrong", "text", 1, 0, 0));
    assertThatThrownBy(() ->
            work(batch -> {
              batch.remember(good);
              batch.note(bytes("noted"));
              batch.remember(wrong);
            }))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH));
    assertThat(records()).isEmpty();
    assertThat(fixture.engine.space(SPACE)).isEmpty();
  }

  @Test
  void createsASpaceWithoutAMemoryOnce() {
    work(batch -> {
      batch.create(2);
      batch.note(bytes("made"));
    });
    work(batch -> batch.create(0));
    assertThatThrownBy(() -> work(batch -> batch.create(3)))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH));
    for (int round = 0; round < 2; round++) {
      SpaceInfo info = fixture.engine.space(SPACE).orElseThrow();
      assertThat(info.dimension()).isEqualTo(2);
      assertThat(info.memories()).isZero();
      assertThat(fixture.engine.visibleEnd(SPACE)).isEqualTo(info.lastOffset()).isOne();
      fixture.restart();
    }
  }

  @Test
  void optimisesAnIndexWhileItServes() {
    for (int i = 0; i < 60; i++) {
      fixture.remember(episode("m" + i, "word" + i, 1, i));
      if (i % 20 == 19) {
        fixture.engine.settleIndexes();
      }
    }
    work(batch -> {
      for (int i = 0; i < 30; i++) {
        batch.forget(new MemoryId("m" + i));
      }
    });
    assertThat(fixture.engine.optimizeIndex(SPACE)).isBetween(0L, 60L);
    assertThat(fixture.engine.optimizeIndex(SPACE)).isZero();
    assertThat(fixture.engine.space(SPACE).orElseThrow().indexLag()).isZero();
    assertThat(fixture.recall(about("word59"))).containsExactly("m59");
    assertThat(fixture.recall(about("word3"))).isEmpty();
    assertThat(fixture.engine.optimizeIndex(SpaceId.parse("nowhere"))).isZero();
    assertThat(fixture.engine.visibleEnd(SpaceId.parse("nowhere"))).isZero();
  }

  @Test
  void aDroppedSpaceIsGoneAndItsNameCanBeUsedAgain() {
    for (int i = 0; i < 50; i++) {
      fixture.remember(episode("m" + i, "word" + i, 1, i));
    }
    fixture.engine.settleIndexes();
    work(SpaceBatch::drop);
    assertThat(fixture.engine.space(SPACE)).isEmpty();
    assertThat(fixture.recall(near(1, 0))).isEmpty();
    assertThat(fixture.engine.find(SPACE, new MemoryId("m1"))).isEmpty();
    Stored again = null;
    while (again == null) {
      try {
        again = fixture.remember(episode("new", "word", 1, 0, 0));
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED); // its index is being deleted
      }
    }
    assertThat(again.offset()).isOne();
    for (int round = 0; round < 2; round++) {
      assertThat(fixture.recall(near(1, 0, 0))).containsExactly("new");
      fixture.restart();
    }
  }
}

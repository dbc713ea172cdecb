package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static dev.myelin.memory.EngineFixture.about;
import static dev.myelin.memory.EngineFixture.episode;
import static dev.myelin.memory.EngineFixture.named;
import static dev.myelin.memory.EngineFixture.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.StreamEnd;
import dev.myelin.memory.index.IndexFailure;
import dev.myelin.memory.index.LuceneIndex;
import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of indexes: moved into, closed, lost, damaged, rebuilt.
final class IndexLifeTest {
  private static final MemoryConfig CONFIG =
      new MemoryConfig(2_000, 3, Duration.ofHours(1), 1L << 30, 64, 256, 1_000);

  @TempDir Path folder;
  private EngineFixture fixture;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder, CONFIG, null);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /// Memories of which number i lies at angle i.
  private void fill(int count) {
    CompletableFuture<?>[] stored = new CompletableFuture<?>[count];
    for (int i = 0; i < count; i++) {
      stored[i] = fixture.submit(SPACE, numbered(i));
    }
    CompletableFuture.allOf(stored).join();
  }

  private static dev.myelin.model.Episode numbered(int i) {
    double angle = i * 0.005;
    return episode(
        "m" + i, "number" + i + " common", (float) Math.cos(angle), (float) Math.sin(angle));
  }

  private void assertComplete(int count) {
    assertThat(fixture.engine.space(SPACE).orElseThrow().memories()).isEqualTo(count);
    assertThat(fixture.recall(near(1, 0).withMaxResults(3))).containsExactly("m0", "m1", "m2");
    assertThat(fixture.recall(about("number7"))).containsExactly("m7");
    assertThat(fixture.recall(about("common").withMaxResults(1_000))).hasSize(count);
  }

  @Test
  void movesTheTailIntoTheIndexByItself() {
    fill(500);
    eventually(() -> fixture.engine.space(SPACE).orElseThrow().indexLag() < 128);
    assertComplete(500);
    assertThat(fixture.meters.get("myelin.memory.index.lag").gauge().value()).isLessThan(128);
    assertThat(fixture.meters.get("myelin.memory.spaces.open").gauge().value()).isEqualTo(1);
    assertThat(fixture.meters.get("myelin.memory.tail").gauge().value()).isPositive();
  }

  @Test
  void opensFromTheIndexAndReplaysTheRest() {
    fill(500);
    assertComplete(500);
    fixture.restart();
    assertComplete(500);
    assertThat(fixture.engine.space(SPACE).orElseThrow().indexLag()).isLessThan(64);
  }

  @Test
  void madeAnewWhenDeletedDamagedOrOfAnotherStream() throws IOException {
    fill(300);
    assertComplete(300);
    for (Damage damage : Damage.values()) {
      fixture.close();
      damage.apply(fixture.indexFolder());
      fixture.reopen();
      assertComplete(300);
    }
  }

  /// What may happen to a folder.
  private enum Damage {
    DELETED,
    EMPTIED,
    TRUNCATED,
    FLIPPED;

    void apply(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          switch (this) {
            case DELETED -> Files.delete(file);
            case EMPTIED -> Files.write(file, new byte[0]);
            case TRUNCATED -> Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            case FLIPPED -> {
              if (bytes.length > 0) {
                bytes[new Random(7).nextInt(bytes.length)] ^= 0x55;
                Files.write(file, bytes);
              }
            }
          }
        }
      }
    }
  }

  /// The index of another time under a journal that went on, as a crash leaves it.
  @Test
  void anOlderIndexIsBroughtUpToDate() throws IOException {
    fill(200);
    assertComplete(200);
    fixture.close();
    Path saved = folder.resolve("saved");
    copy(fixture.indexFolder(), saved);
    fixture.reopen();
    fixture.engine.forget(SPACE, named("m1", "m150"), ForgetMode.DELETE);
    fixture.engine.forget(SPACE, named("m2"), ForgetMode.SUPPRESS);
    fixture.remember(episode("m3", "moved away", -1, 0));
    fixture.close();
    org.apache.lucene.util.IOUtils.rm(fixture.indexFolder());
    copy(saved, fixture.indexFolder());
    fixture.reopen();

    assertThat(fixture.recall(near(1, 0).withMaxResults(3))).containsExactly("m0", "m4", "m5");
    assertThat(fixture.recall(about("number150"))).isEmpty();
    assertThat(fixture.recall(about("number3"))).isEmpty();
    assertThat(fixture.recall(about("moved"))).containsExactly("m3");
    assertThat(fixture.engine.space(SPACE).orElseThrow().memories()).isEqualTo(197);
    fixture.engine.forget(SPACE, named("m2"), ForgetMode.RESTORE);
    assertThat(fixture.recall(near(1, 0).withMaxResults(2))).containsExactly("m0", "m2");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void anIndexAheadOfItsStreamIsNotBelieved() throws IOException {
    fill(200);
    fixture.close();
    Path index = fixture.indexFolder().resolve("default").resolve("test-space");
    try (LuceneIndex known =
        LuceneIndex.open(index, new StreamEnd("another epoch", 1_000), Runnable::run)) {
      assertThat(known.covered()).isZero();
    }
    fixture.reopen();
    assertComplete(200);
  }

  @Test
  void anIndexFolderInUseIsLeftAlone() {
    Path index = folder.resolve("index-in-use");
    StreamEnd end = new StreamEnd("epoch", 0);
    try (LuceneIndex _ = LuceneIndex.open(index, end, Runnable::run)) {
      assertThatThrownBy(() -> LuceneIndex.open(index, end, Runnable::run))
          .isInstanceOf(IndexFailure.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void rebuildsWhileServing() {
    fill(300);
    List<Long> reached = new ArrayList<>();
    assertThat(
            fixture.engine.rebuildIndex(
                SPACE,
                (offset, end) -> {
                  assertThat(offset).isLessThanOrEqualTo(end);
                  return reached.add(end);
                }))
        .isTrue();
    assertThat(reached).isNotEmpty().allMatch(end -> end == 300);
    assertComplete(300);
    assertThat(fixture.engine.rebuildIndex(SpaceId.parse("no-such-space"), RebuildWatch.NONE))
        .isTrue();
  }

  @Test
  void keepsTheIndexThatServesIfARebuildIsStopped() {
    fill(300);
    assertThat(fixture.engine.rebuildIndex(SPACE, (_, _) -> false)).isFalse();
    assertComplete(300);
    assertThat(fixture.engine.rebuildIndex(SPACE, RebuildWatch.NONE)).isTrue();
    assertComplete(300);
  }

  @Test
  void keepsFewSpacesOpenAndOpensTheOthersOnUse() {
    int count = 40;
    for (int i = 0; i < count; i++) {
      SpaceId space = SpaceId.parse("space-" + i);
      EngineFixture.await(fixture.submit(space, episode("a", "the text of " + i, 1, i)));
      assertThat(fixture.engine.recall(RecallQuery.about(space, "text")).results()).hasSize(1);
    }
    eventually(() -> fixture.meters.get("myelin.memory.spaces.open").gauge().value() <= 3);
    for (int i = 0; i < count; i++) {
      SpaceId space = SpaceId.parse("space-" + i);
      RecallQuery query = RecallQuery.near(space, Embedding.of(new float[] {1, i}));
      assertThat(fixture.engine.recall(query).results()).hasSize(1);
    }
    assertThat(fixture.engine.spaces("default"))
        .hasSize(count)
        .allSatisfy(info -> assertThat(info.memories()).isOne());
    fixture.restart();
    assertThat(fixture.engine.spaces("default"))
        .hasSize(count)
        .allSatisfy(info -> assertThat(info.memories()).isOne());
    // Listing opened none: the rows say it.
    assertThat(fixture.meters.get("myelin.memory.spaces.open").gauge().value()).isLessThan(40);
  }

  @Test
  void refusesTooManySpaces() {
    fixture.close();
    MemoryConfig two = new MemoryConfig(2, 2, Duration.ofHours(1), 1L << 30, 64, 256, 10);
    fixture = new EngineFixture(folder, two, null);
    EngineFixture.await(fixture.submit(SpaceId.parse("space-1"), episode("a", "text")));
    EngineFixture.await(fixture.submit(SpaceId.parse("space-2"), episode("a", "text")));
    assertThatThrownBy(() -> fixture.submit(SpaceId.parse("space-3"), episode("a", "text")))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_SPACES));
  }

  @Test
  void refusesMoreThanTheTailsMayTakeUntilItIsIndexed() {
    fixture.close();
    MemoryConfig small = new MemoryConfig(10, 10, Duration.ofHours(1), 20_000, 64, 256, 10);
    fixture = new EngineFixture(folder, small, null);
    assertThat(fixture.recall(about("open the space"))).isEmpty();
    // Each fills the tails alone, so that one that follows at once finds them full.
    float[] longest = new float[4_096];
    longest[0] = 1;
    fixture.remember(episode("first", "text", longest));
    assertThat(fixture.recall(about("text"))).hasSize(1);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      try {
        fixture.remember(episode("m" + i, "common", longest));
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(e.retryAfter()).isNotNull();
        refused++;
        eventually(() -> fixture.meters.get("myelin.memory.tail").gauge().value() <= 20_000);
      }
    }
    assertThat(refused).isPositive();
    int expected = 101 - refused;
    assertThat(fixture.engine.space(SPACE).orElseThrow().memories()).isEqualTo(expected);
  }

  @Test
  void snapshotsDoNotSeeWhatCameLater() {
    fill(100);
    fixture.engine.settleIndexes();
    assertThat(fixture.recall(near(1, 0).withAsOf(1))).containsExactly("m0");
    assertThat(fixture.recall(about("common").withAsOf(2))).containsExactlyInAnyOrder("m0", "m1");
    assertThat(fixture.engine.recall(near(1, 0).withAsOf(50)).snapshotSequence()).isEqualTo(50);
    assertThat(fixture.recall(near(1, 0).withAsOf(0))).isEmpty();
  }

  @Test
  void closedMeansClosed() {
    fixture.engine.close();
    assertThatThrownBy(() -> fixture.recall(near(1, 0)))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    assertThatThrownBy(() -> fixture.submit(SPACE, numbered(1)))
        .isInstanceOf(ServiceException.class);
    assertThatThrownBy(
            () -> fixture.engine.forget(SPACE, List.of(new MemoryId("a")), ForgetMode.DELETE))
        .isInstanceOf(ServiceException.class);
  }
}

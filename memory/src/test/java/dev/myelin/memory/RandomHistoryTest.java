package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.memory.embedding.WaitingText;
import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories against a model that knows every memory and looks at all of them. The seed is
/// in the name of each failure.
final class RandomHistoryTest {
  private static final int STEPS = 600;
  private static final int DIMENSION = 12;
  private static final List<String> WORDS =
      List.of("apple", "river", "stone", "cloud", "garden", "winter", "music", "letter");
  private static final List<String> TAGS = List.of("red", "green", "blue");
  private static final List<String> PEOPLE = List.of("Ada", "Bob", "Eve");
  private static final List<ForgetMode> MODES = List.of(ForgetMode.values());
  private static final List<String> PLACES = List.of("Oslo", "Rome");
  // Small chunks and batches, so that histories cross many of them.
  private static final MemoryConfig CONFIG =
      new MemoryConfig(10, 10, Duration.ofHours(1), 1L << 30, 32, 200, 1_000);

  @TempDir Path folder;

  private final Map<String, Memory> alive = new HashMap<>();
  private final Map<String, Memory> hidden = new HashMap<>();
  private Random random = new Random();
  private long lastOffset;

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void recallsWhatTheModelKnows(long fixed) {
    long seed = fixed == 0 ? System.nanoTime() : fixed;
    random = new Random(seed);
    try (EngineFixture fixture = new EngineFixture(folder, CONFIG, new LetterEmbedder(DIMENSION))) {
      for (int step = 0; step < STEPS; step++) {
        change(fixture);
        if (step % 5 == 0) {
          check(fixture, "seed " + seed + ", step " + step);
        }
      }
    }
  }

  private void change(EngineFixture fixture) {
    fixture.now = fixture.now.plusMillis(random.nextInt(2_000));
    switch (random.nextInt(100)) {
      case 0 -> fixture.restart();
      case 1 -> fixture.engine.rebuildIndex(SPACE, RebuildWatch.NONE);
      case 2 -> loseIndex(fixture);
      case 3, 4 -> fixture.engine.settleIndexes();
      case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 -> forget(fixture);
      case 15, 16, 17 -> embed(fixture);
      default -> commit(fixture);
    }
  }

  private static void loseIndex(EngineFixture fixture) {
    fixture.close();
    try {
      IOUtils.rm(fixture.indexFolder());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    fixture.reopen();
  }

  private void commit(EngineFixture fixture) {
    String id = "m" + random.nextInt(400);
    Embedding embedding = random.nextInt(4) == 0 ? null : Embedding.of(vector());
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      words.add(pick(WORDS));
    }
    Instant when = random.nextBoolean() ? null : fixture.now.minusSeconds(random.nextInt(5_000));
    Circumstances about =
        new Circumstances(
            random.nextBoolean() ? null : pick(PLACES),
            some(PEOPLE),
            null,
            null,
            some(TAGS),
            Map.of(),
            Circumstances.NONE.type(),
            null,
            0.5f,
            0f);
    Confidence confidence = new Confidence(random.nextInt(11) / 10f);
    Episode episode =
        new Episode(new MemoryId(id), when, String.join(" ", words), embedding, confidence, about);
    Stored stored = fixture.remember(episode);
    assertThat(stored.replaced()).isEqualTo(alive.containsKey(id) || hidden.containsKey(id));
    assertThat(stored.offset()).isGreaterThan(lastOffset);
    lastOffset = stored.offset();
    hidden.remove(id);
    Instant happened = when == null ? stored.committedAt() : when;
    alive.put(
        id, new Memory(stored.id(), stored.offset(), stored.committedAt(), happened, episode));
  }

  private void forget(EngineFixture fixture) {
    String id = "m" + random.nextInt(400);
    ForgetMode mode = MODES.get(random.nextInt(MODES.size()));
    int affected = fixture.engine.forget(SPACE, List.of(new MemoryId(id)), mode);
    Map<String, Memory> from = mode == ForgetMode.RESTORE ? hidden : alive;
    Memory memory = from.remove(id);
    if (mode == ForgetMode.DELETE && memory == null) {
      memory = hidden.remove(id);
    }
    assertThat(affected).isEqualTo(memory == null ? 0 : 1);
    if (memory != null && mode != ForgetMode.DELETE) {
      (mode == ForgetMode.RESTORE ? alive : hidden).put(id, memory);
    }
  }

  private void embed(EngineFixture fixture) {
    for (WaitingText text : fixture.engine.waitingTexts().waiting(10)) {
      Embedding embedding = Embedding.of(vector());
      CountDownLatch settled = new CountDownLatch(1);
      fixture.engine.waitingTexts().embedded(text, "test", embedding, settled::countDown);
      try {
        settled.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      String id = text.id().value();
      alive.computeIfPresent(id, (_, memory) -> memory.withEmbedding(embedding));
      hidden.computeIfPresent(id, (_, memory) -> memory.withEmbedding(embedding));
    }
  }

  private void check(EngineFixture fixture, String where) {
    MemoryFilter filter = random.nextInt(3) == 0 ? MemoryFilter.NONE : filter(fixture);
    long asOf = random.nextInt(4) == 0 ? random.nextLong(lastOffset + 1) : Long.MAX_VALUE;
    List<Memory> fitting =
        alive.values().stream()
            .filter(memory -> memory.offset() <= asOf && ReferenceFilter.accepts(filter, memory))
            .toList();
    switch (random.nextInt(3)) {
      case 0 -> checkNearest(fixture, filter, asOf, fitting, where);
      case 1 -> checkNewest(fixture, filter, asOf, fitting, where);
      default -> checkWords(fixture, filter, asOf, fitting, where);
    }
    if (random.nextInt(20) == 0) {
      assertThat(fixture.engine.space(SPACE).map(SpaceInfo::memories).orElse(0L))
          .as(where)
          .isEqualTo(alive.size());
    }
  }

  private void checkNearest(
      EngineFixture fixture, MemoryFilter filter, long asOf, List<Memory> fitting, String where) {
    Embedding cue = Embedding.of(vector());
    int wanted = 1 + random.nextInt(20);
    List<String> expected =
        fitting.stream()
            .filter(memory -> memory.episode().embedding() != null)
            .sorted(
                Comparator.comparingDouble((Memory memory) -> -cosine(cue, memory))
                    .thenComparing(Comparator.comparingLong(Memory::offset).reversed()))
            .limit(wanted)
            .map(memory -> memory.id().value())
            .toList();
    assertThat(ids(fixture, query(cue, null, filter, wanted, asOf))).as(where).isEqualTo(expected);
  }

  private void checkNewest(
      EngineFixture fixture, MemoryFilter filter, long asOf, List<Memory> fitting, String where) {
    int wanted = 1 + random.nextInt(20);
    List<String> expected =
        fitting.stream()
            .sorted(Comparator.comparing(Memory::when).thenComparingLong(Memory::offset).reversed())
            .limit(wanted)
            .map(memory -> memory.id().value())
            .toList();
    assertThat(ids(fixture, query(null, null, filter, wanted, asOf))).as(where).isEqualTo(expected);
  }

  /// All that match, in any order: the order hangs on how often terms occur in what is deleted but
  /// not merged away yet. With an embedding the nearest join, so that all that fit are expected.
  private void checkWords(
      EngineFixture fixture, MemoryFilter filter, long asOf, List<Memory> fitting, String where) {
    String word = pick(WORDS);
    boolean fuses = random.nextBoolean();
    Embedding cue = fuses ? Embedding.of(vector()) : null;
    Set<String> expected = new HashSet<>();
    for (Memory memory : fitting) {
      boolean matches = List.of(memory.content().split(" ")).contains(word);
      if (matches || memory.episode().embedding() != null) {
        expected.add(memory.id().value());
      }
    }
    List<String> found = ids(fixture, query(cue, word, filter, 1_000, asOf));
    assertThat(found).as(where).doesNotHaveDuplicates();
    assertThat(new HashSet<>(found)).as(where).isEqualTo(expected);
  }

  private List<String> ids(EngineFixture fixture, RecallQuery query) {
    Recollection answer = fixture.engine.recall(query);
    for (Recalled recalled : answer.results()) {
      Memory known = alive.get(recalled.memory().id().value());
      assertThat(recalled.memory().withEmbedding(null))
          .isEqualTo(known == null ? null : known.withEmbedding(null));
    }
    return EngineFixture.ids(answer);
  }

  private static RecallQuery query(
      @Nullable Embedding cue, @Nullable String text, MemoryFilter filter, int max, long asOf) {
    return new RecallQuery(SPACE, cue, text, filter, max, -1f, asOf, false, false);
  }

  private MemoryFilter filter(EngineFixture fixture) {
    Instant now = fixture.now;
    return new MemoryFilter(
        random.nextInt(4) == 0 ? now.minusSeconds(random.nextInt(4_000)) : null,
        random.nextInt(4) == 0 ? now.minusSeconds(0) : null,
        random.nextInt(5) == 0 ? now.minusSeconds(random.nextInt(500)) : null,
        random.nextInt(4) == 0 ? random.nextInt(10) / 10f : 0f,
        random.nextInt(3) == 0 ? List.of(pick(TAGS)) : List.of(),
        random.nextInt(3) == 0 ? List.of(pick(TAGS)) : List.of(),
        random.nextInt(4) == 0
            ? List.of(pick(PEOPLE).toUpperCase(java.util.Locale.ROOT))
            : List.of(),
        random.nextInt(4) == 0 ? pick(PLACES).toLowerCase(java.util.Locale.ROOT) : null);
  }

  private static double cosine(Embedding cue, Memory memory) {
    return ReferenceFilter.cosine(cue, memory.episode().embedding());
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private List<String> some(List<String> from) {
    return from.stream().filter(_ -> random.nextBoolean()).toList();
  }
}

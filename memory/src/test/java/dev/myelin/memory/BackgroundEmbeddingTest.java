package dev.myelin.memory;

import static dev.myelin.memory.EngineFixture.SPACE;
import static dev.myelin.memory.EngineFixture.about;
import static dev.myelin.memory.EngineFixture.episode;
import static dev.myelin.memory.EngineFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.embedding.BackgroundEmbedding;
import dev.myelin.memory.embedding.BackgroundEmbedding.Options;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.memory.embedding.EmbeddingServer;
import dev.myelin.memory.embedding.EmbeddingServer.Answer;
import dev.myelin.memory.embedding.EmbeddingServer.Seen;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundEmbeddingTest {
  private static final Embedder MODEL = Embedder.open(EmbeddingConfig.DEFAULT).orElseThrow();
  private static final Duration SHORT = Duration.ofMillis(5);

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<String> indexed = new LinkedBlockingQueue<>();
  private EngineFixture fixture;

  @BeforeEach
  void openEngine() {
    fixture = new EngineFixture(folder, MemoryConfig.DEFAULT, MODEL);
    watch();
  }

  private void watch() {
    fixture.engine.watch(
        SPACE,
        new SpaceListener() {
          @Override
          public void remembered(Memory memory) {}

          @Override
          public void indexed(MemoryId id, long offset) {
            indexed.add(id + "@" + offset);
          }
        });
  }

  private BackgroundEmbedding start(Embedder embedder) {
    return start(embedder, new Options(4, SHORT, Duration.ofMillis(50), () -> false));
  }

  private BackgroundEmbedding start(Embedder embedder, Options options) {
    BackgroundEmbedding background =
        BackgroundEmbedding.start(
            fixture.engine.waitingTexts(), embedder, options, () -> fixture.now, fixture.meters);
    open.addFirst(background);
    return background;
  }

  private Embedder endpoint(EmbeddingServer server) {
    open.addFirst(server);
    Embedder embedder =
        Embedder.open(EmbeddingConfig.DEFAULT.withEndpoint(server.url(), "bge-small", ""))
            .orElseThrow();
    open.addFirst(embedder);
    return embedder;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    fixture.close();
  }

  @AfterAll
  static void closeModel() {
    MODEL.close();
  }

  @Test
  void aTextIsFoundByItsMeaningSoonAfterItCame() throws InterruptedException {
    start(MODEL);
    fixture.remember(episode("cat", "Carla adopted a grey kitten."));
    assertThat(next()).isEqualTo("cat@1");
    fixture.remember(episode("boat", "The ferry leaves at noon."));
    assertThat(next()).startsWith("boat@");
    SpaceInfo space = fixture.engine.space(SPACE).orElseThrow();
    assertThat(space.dimension()).isEqualTo(384);
    assertThat(space.embeddingLag()).isZero();
    assertThat(fixture.recall(about("Who has a new pet?")).getFirst()).isEqualTo("cat");
    assertThat(fixture.engine.find(SPACE, new MemoryId("cat")).orElseThrow().episode().embedding())
        .isEqualTo(MODEL.embedPassages(List.of("Carla adopted a grey kitten.")).getFirst());
    assertThat(fixture.meters.get("myelin.embedding.lag").timer().count()).isEqualTo(2);
  }

  @Test
  void whatWaitedBeforeARestartIsEmbeddedAfterIt() throws InterruptedException {
    for (int i = 1; i <= 10; i++) {
      fixture.remember(episode("m" + i, "text " + i));
    }
    assertThat(lag()).isEqualTo(10);
    fixture.restart();
    watch();
    assertThat(lag()).isEqualTo(10);
    start(MODEL);
    for (int i = 1; i <= 10; i++) {
      assertThat(next()).isEqualTo("m" + i + "@" + i);
    }
    assertThat(lag()).isZero();
  }

  @Test
  void skipsWhatWasDeletedOrReplacedMeanwhile() throws InterruptedException {
    fixture.remember(episode("gone", "one"));
    fixture.remember(episode("twice", "old"));
    fixture.remember(episode("twice", "new"));
    fixture.engine.forget(SPACE, named("gone"), ForgetMode.DELETE);
    start(MODEL);
    assertThat(next()).isEqualTo("twice@3");
    Eventually.until("nothing waits", () -> lag() == 0);
    assertThat(indexed).isEmpty();
  }

  @Test
  void aSpaceOfAnotherDimensionIsLeftAlone() {
    start(MODEL);
    fixture.remember(episode("vector", "", 1f, 2f));
    fixture.remember(episode("text", "The ferry leaves at noon."));
    assertThat(lag()).isZero();
    assertThat(fixture.recall(about("ferry"))).containsExactly("text");
  }

  @Test
  void waitsForAnEndpointThatFailsAndLosesNothing() throws InterruptedException {
    EmbeddingServer server = new EmbeddingServer(MODEL);
    for (int status : new int[] {500, 401, 404, 500}) {
      server.planned.add(new Answer(status, "", "0"));
    }
    start(endpoint(server));
    fixture.remember(episode("cat", "Carla adopted a grey kitten."));
    assertThat(next()).isEqualTo("cat@1");
    assertThat(fixture.meters.get("myelin.embedding.retries").counter().count()).isGreaterThan(1);
  }

  @Test
  void aRefusedTextStaysFoundByItsWordsAndHoldsNobodyUp() throws InterruptedException {
    for (int i = 1; i <= 3; i++) {
      fixture.remember(episode("m" + i, "text number " + i));
    }
    EmbeddingServer server = new EmbeddingServer(MODEL);
    server.planned.add(Answer.status(400));
    server.planned.add(Answer.status(400));
    start(endpoint(server));
    assertThat(next()).isEqualTo("m2@2");
    assertThat(next()).isEqualTo("m3@3");
    Eventually.until("nothing waits", () -> lag() == 0);
    assertThat(server.seen.stream().map(Seen::texts).map(List::size)).startsWith(3, 1, 1, 1);
    assertThat(fixture.recall(about("numbers"))).contains("m1");
    assertThat(
            fixture.meters.get("myelin.embedding.texts").tag("result", "refused").counter().count())
        .isEqualTo(1);
  }

  @Test
  void goesOnAfterASecondHoweverBusyTheServerIs() throws InterruptedException {
    start(MODEL, new Options(4, SHORT, Duration.ofMillis(50), () -> true));
    fixture.remember(episode("cat", "Carla adopted a grey kitten."));
    assertThat(next()).isEqualTo("cat@1");
  }

  @Test
  void endsAtOnceWhileAnEndpointDoesNotAnswer() {
    EmbeddingServer server = new EmbeddingServer(MODEL);
    Embedder embedder = endpoint(server);
    server.close();
    BackgroundEmbedding background =
        start(embedder, new Options(4, Duration.ofMinutes(5), SHORT, () -> false));
    fixture.remember(episode("cat", "Carla adopted a grey kitten."));
    Eventually.until(
        "it was tried again",
        () -> fixture.meters.get("myelin.embedding.retries").counter().count() > 0);
    background.close();
    assertThat(lag()).isOne();
  }

  @Test
  void aTextWaitsForAnUnknownModelAndNoLongerThanItsDimensionIsUnknown() {
    EmbeddingServer server = new EmbeddingServer(MODEL);
    openEngineWith(endpoint(server));
    fixture.remember(episode("vector", "", 1f, 2f));
    fixture.remember(episode("text", "The ferry leaves at noon."));
    assertThat(lag()).isOne();
    start(endpoint(server));
    Eventually.until("nothing waits", () -> lag() == 0);
    assertThat(fixture.engine.space(SPACE).orElseThrow().dimension()).isEqualTo(2);
    assertThat(indexed).isEmpty();
  }

  @Test
  void recallGoesByWordsWhileTheEndpointIsAway() throws InterruptedException {
    EmbeddingServer server = new EmbeddingServer(MODEL);
    Embedder embedder = endpoint(server);
    openEngineWith(embedder);
    start(embedder);
    fixture.remember(episode("boat", "The ferry leaves at noon."));
    assertThat(next()).isEqualTo("boat@1");
    assertThat(fixture.recall(about("When does the ship sail?"))).containsExactly("boat");
    server.close();
    assertThat(fixture.recall(about("ferries"))).containsExactly("boat");
    assertThat(fixture.recall(about("ship"))).isEmpty();
  }

  private void openEngineWith(Embedder embedder) {
    fixture.close();
    fixture = new EngineFixture(folder.resolve("other"), MemoryConfig.DEFAULT, embedder);
    watch();
  }

  private long lag() {
    return fixture.engine.space(SPACE).orElseThrow().embeddingLag();
  }

  private String next() throws InterruptedException {
    return String.valueOf(indexed.poll(30, TimeUnit.SECONDS));
  }
}

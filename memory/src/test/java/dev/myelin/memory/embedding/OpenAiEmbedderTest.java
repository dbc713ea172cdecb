package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.myelin.memory.embedding.EmbeddingServer.Answer;
import dev.myelin.memory.embedding.EmbeddingServer.Seen;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbedderTest extends EmbedderContract {
  private static final String KEY = "sk-secret-of-the-test";
  private static final Embedder MODEL = new InProcessEmbedder(1);

  private final EmbeddingServer server = new EmbeddingServer(MODEL);
  private Embedder embedder = open(server.url(), 0, 4);

  private static Embedder open(String url, int dimension, int inFlight) {
    EmbeddingConfig config =
        new EmbeddingConfig(
            EmbeddingConfig.Provider.OPENAI,
            "bge-small",
            url,
            KEY,
            dimension,
            "Represent this sentence for searching relevant passages: ",
            "",
            8_000,
            1,
            32,
            inFlight,
            Duration.ofSeconds(40),
            3);
    return Embedder.open(config).orElseThrow();
  }

  @Override
  Embedder embedder() {
    return embedder;
  }

  @Override
  Embedder another() {
    return open(server.url(), 0, 4);
  }

  @BeforeEach
  void learnTheDimension() {
    assertThat(embedder.embedQuery("ready?").dimension()).isEqualTo(384);
    server.seen.clear();
  }

  @AfterEach
  void close() {
    embedder.close();
    server.close();
  }

  @AfterAll
  static void closeModel() {
    MODEL.close();
  }

  @Test
  void sendsBatchesWithTheKeyToTheRightPath() {
    embedder.embedPassages(IntStream.range(0, 70).mapToObj(i -> "text " + i).toList());
    assertThat(server.seen).extracting(seen -> seen.texts().size()).containsExactly(32, 32, 6);
    assertThat(server.seen)
        .allSatisfy(seen -> assertThat(seen.path()).isEqualTo("/v1/embeddings"))
        .allSatisfy(seen -> assertThat(seen.authorization()).isEqualTo("Bearer " + KEY));
  }

  @Test
  void asksForTheDimensionInTheBackground() throws Exception {
    try (Embedder fresh = another()) {
      assertThat(fresh.dimension()).isZero();
      fresh.prepare();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (fresh.dimension() == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(fresh.dimension()).isEqualTo(384);
    }
  }

  @Test
  void takesTheConfiguredDimensionAndRefusesAnother() {
    try (Embedder other = open(server.url(), 768, 4)) {
      assertThat(other.dimension()).isEqualTo(768);
      ServiceException e = failure(other, "text");
      assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(e.text()).contains("384 values (expected: 768)").contains("embedding.dimension");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void triesAgainWhenTheEndpointHasTrouble(int status) {
    server.planned.add(Answer.status(status));
    server.planned.add(new Answer(status, "", "0"));
    assertThat(embedder.embedPassages(List.of("text"))).hasSize(1);
    assertThat(server.seen).hasSize(3);
  }

  @Test
  void givesUpAfterTheLastAttemptAndSaysThatItIsTemporary() {
    for (int i = 0; i < 3; i++) {
      server.planned.add(new Answer(503, "", "0"));
    }
    ServiceException e = failure(embedder, "text");
    assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(e.text()).contains("503").doesNotContain(KEY);
    assertThat(server.seen).hasSize(3);
  }

  @Test
  void aQuestionIsAskedOnlyOnce() {
    server.planned.add(Answer.status(503));
    ServiceException e =
        catchThrowableOfType(ServiceException.class, () -> embedder.embedQuery("who?"));
    assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(server.seen).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void saysThatTheModelRefusesTheText(int status) {
    server.planned.add(Answer.status(status));
    assertThat(failure(embedder, "text").code()).isEqualTo(ErrorCode.UNSUPPORTED);
    assertThat(server.seen).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 302})
  void saysWhatToCheckWhenTheConfigurationIsWrong(int status) {
    server.planned.add(Answer.status(status));
    ServiceException e = failure(embedder, "text");
    assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(e.text()).contains("" + status).contains("embedding.api-key").doesNotContain(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "<html>",
        "{",
        "{\"data\": []}",
        "{\"data\": [{\"index\": 0}]}",
        "{\"data\": 5}",
        "{\"data\": [{\"index\": 7, \"embedding\": [1]}]}",
        "{\"data\": [{\"index\": -1, \"embedding\": [1]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [\"a\"]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": []}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [0, 0]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1e99]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, 2"
      })
  void refusesAnAnswerThatIsNone(String body) {
    server.planned.add(Answer.body(body));
    ServiceException e = failure(embedder, "text");
    assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(e.text()).contains("embedding endpoint's answer");
  }

  @Test
  void refusesAnEmbeddingThatIsTooLong() {
    server.planned.add(Answer.body("{\"data\": [{\"embedding\": [" + "1,".repeat(4_096) + "1]}]}"));
    assertThat(failure(embedder, "text").text()).contains("4096");
  }

  @Test
  void readsNoMoreOfAnAnswerThanItsBound() {
    for (int i = 0; i < 3; i++) {
      server.planned.add(Answer.body("x".repeat(1 << 20)));
    }
    assertThat(failure(embedder, "text").code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void sendsNoMoreRequestsAtOnceThanAllowed() throws Exception {
    try (Embedder narrow = open(server.url(), 0, 2);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<Embedding>> call = () -> narrow.embedPassages(List.of("text"));
      for (Future<List<Embedding>> answer : callers.invokeAll(Collections.nCopies(12, call))) {
        assertThat(answer.get()).hasSize(1);
      }
    }
    assertThat(server.seen).hasSize(12);
    assertThat(server.mostRunning.get()).isBetween(1, 2);
  }

  @Test
  void cutsTextsAndNeverThroughACharacter() {
    embedder.embedPassages(List.of("x".repeat(7_999) + "\ud83c\udf89" + "tail"));
    assertThat(server.seen.stream().map(Seen::texts).toList())
        .containsExactly(List.of("x".repeat(7_999)));
  }

  @Test
  void putsThePrefixBeforeAQuestionOnly() {
    embedder.embedQuery("who?");
    embedder.embedPassages(List.of("me"));
    assertThat(server.seen.stream().map(seen -> seen.texts().getFirst()).toList())
        .containsExactly("Represent this sentence for searching relevant passages: who?", "me");
  }

  @Test
  void saysWhenTheEndpointCannotBeReached() {
    String gone;
    try (EmbeddingServer other = new EmbeddingServer(MODEL)) {
      gone = other.url();
    }
    try (Embedder lonely = open(gone, 0, 1)) {
      lonely.prepare();
      ServiceException e = failure(lonely, "text");
      assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(e.text()).contains("cannot be reached");
    }
  }

  private static ServiceException failure(Embedder embedder, String text) {
    return catchThrowableOfType(
        ServiceException.class, () -> embedder.embedPassages(List.of(text)));
  }
}

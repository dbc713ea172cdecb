package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every embedder promises, tried with a real model.
abstract class EmbedderContract {

  /// A shared embedder that is ready to embed; stays open.
  abstract Embedder embedder();

  /// One more, for this test alone.
  abstract Embedder another();

  @Test
  void embedsPassagesInTheirOrder() {
    List<String> texts = IntStream.range(0, 70).mapToObj(i -> "Room " + i + " is free.").toList();
    List<Embedding> all = embedder().embedPassages(texts);
    assertThat(all).hasSize(70);
    for (int i : new int[] {0, 1, 33, 69}) {
      Embedding alone = embedder().embedPassages(List.of(texts.get(i))).getFirst();
      assertThat(cosine(all.get(i), alone)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void everyEmbeddingHasTheDimensionAndTheLengthOne() {
    Embedding passage = embedder().embedPassages(List.of("It rains in Lisbon.")).getFirst();
    Embedding query = embedder().embedQuery("Where does it rain?");
    assertThat(passage.dimension()).isEqualTo(embedder().dimension());
    assertThat(query.dimension()).isEqualTo(embedder().dimension());
    assertThat(cosine(passage, passage)).isCloseTo(1, within(1e-4));
  }

  @Test
  void aQuestionIsNearestToItsAnswer() {
    List<String> passages =
        List.of(
            "The ferry to the island leaves at noon.",
            "Carla adopted a grey kitten from the shelter.",
            "Our quarterly revenue grew by nine percent.");
    List<Embedding> embedded = embedder().embedPassages(passages);
    assertThat(nearest(embedder().embedQuery("Who got a new pet?"), embedded)).isEqualTo(1);
    assertThat(nearest(embedder().embedQuery("When does the boat go?"), embedded)).isZero();
    assertThat(nearest(embedder().embedQuery("How is business?"), embedded)).isEqualTo(2);
  }

  @Test
  void nothingGivesNothing() {
    assertThat(embedder().embedPassages(List.of())).isEmpty();
  }

  @Test
  void takesAnyText() {
    List<String> odd =
        List.of("", " ", "\u0000\u0007", "\ud83c\udf89", "\ud800", "x".repeat(65_536), "東京");
    assertThat(embedder().embedPassages(odd)).hasSize(odd.size());
  }

  @Test
  void cutsALongTextWhereTheModelEnds() {
    String begin = "The meeting about the garden is on Friday. ".repeat(1_000);
    List<Embedding> both = embedder().embedPassages(List.of(begin, begin + "Bring the red shoes."));
    assertThat(cosine(both.get(0), both.get(1))).isCloseTo(1, within(1e-5));
  }

  @Test
  void manyThreadsGetTheirOwnAnswers() throws Exception {
    List<String> texts = IntStream.range(0, 24).mapToObj(i -> "Bus " + i + " is late.").toList();
    List<Embedding> expected = embedder().embedPassages(texts);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Embedding>> answers =
          texts.stream()
              .map(t -> callers.submit(() -> embedder().embedPassages(List.of(t)).getFirst()))
              .toList();
      for (int i = 0; i < texts.size(); i++) {
        assertThat(cosine(answers.get(i).get(), expected.get(i))).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void namesItsModel() {
    assertThat(embedder().model()).isNotBlank();
  }

  @Test
  void refusesOnceClosed() {
    Embedder closed = another();
    closed.prepare();
    closed.close();
    assertThatThrownBy(() -> closed.embedPassages(List.of("late")))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    assertThatThrownBy(() -> closed.embedQuery("late"))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
  }

  static double cosine(Embedding a, Embedding b) {
    double sum = 0;
    for (int i = 0; i < a.dimension(); i++) {
      sum += (double) a.values()[i] * b.values()[i];
    }
    return sum;
  }

  private static int nearest(Embedding query, List<Embedding> passages) {
    int best = 0;
    for (int i = 1; i < passages.size(); i++) {
      if (cosine(query, passages.get(i)) > cosine(query, passages.get(best))) {
        best = i;
      }
    }
    return best;
  }
}

package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.myelin.model.Embedding;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class InProcessEmbedderTest extends EmbedderContract {
  private static final Embedder SHARED = Embedder.open(EmbeddingConfig.DEFAULT).orElseThrow();

  @Override
  Embedder embedder() {
    return SHARED;
  }

  @Override
  Embedder another() {
    return new InProcessEmbedder(2);
  }

  @AfterAll
  static void close() {
    SHARED.close();
  }

  @Test
  void knowsItsDimensionBeforeTheModelIsLoaded() {
    try (Embedder fresh = another()) {
      assertThat(fresh.dimension()).isEqualTo(384);
      assertThat(fresh.model()).isEqualTo("bge-small-en-v1.5");
    }
  }

  @Test
  void aTextHasTheSameEmbeddingWhateverItIsEmbeddedWith() {
    Embedding alone = SHARED.embedPassages(List.of("The pump failed at 3 am.")).getFirst();
    Embedding among =
        SHARED.embedPassages(List.of("Unrelated. ".repeat(90), "The pump failed at 3 am.")).get(1);
    assertThat(among).isEqualTo(alone);
  }

  @Test
  void onlyAQuestionGetsTheInstruction() {
    Embedding passage =
        SHARED
            .embedPassages(
                List.of("Represent this sentence for searching relevant passages: Who called?"))
            .getFirst();
    assertThat(cosine(SHARED.embedQuery("Who called?"), passage)).isCloseTo(1, within(1e-5));
  }

  @Test
  void sharesTheWorkOfManyTextsAmongItsThreads() {
    try (Embedder two = another()) {
      assertThat(two.embedPassages(List.of("a", "b", "c"))).hasSize(3).doesNotHaveDuplicates();
    }
  }
}

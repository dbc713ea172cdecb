package dev.myelin.memory;

import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Embedding;
import java.util.List;

/// Embeds texts by counting their letters: deterministic, and similar texts are near each other.
final class LetterEmbedder implements Embedder {
  private final int dimension;

  LetterEmbedder(int dimension) {
    this.dimension = dimension;
  }

  @Override
  public String model() {
    return "letters";
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    return texts.stream().map(this::embedQuery).toList();
  }

  @Override
  public Embedding embedQuery(String text) {
    float[] counts = new float[dimension];
    counts[0] = 0.1f;
    text.chars().forEach(letter -> counts[letter % dimension]++);
    return Embedding.of(counts);
  }

  @Override
  public void prepare() {}

  @Override
  public void close() {}
}

package dev.myelin.stream;

import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Embedding;
import java.util.List;

/// The smallest model there is: a text's length and how many words it has.
final class TwoNumbers {
  private TwoNumbers() {}

  static Embedder open() {
    return new Embedder() {
      @Override
      public String model() {
        return "two-numbers";
      }

      @Override
      public int dimension() {
        return 2;
      }

      @Override
      public void prepare() {}

      @Override
      public List<Embedding> embedPassages(List<String> texts) {
        return texts.stream().map(this::embedQuery).toList();
      }

      @Override
      public Embedding embedQuery(String text) {
        return Embedding.of(new float[] {text.length(), text.split(" ", -1).length});
      }

      @Override
      public void close() {}
    };
  }
}

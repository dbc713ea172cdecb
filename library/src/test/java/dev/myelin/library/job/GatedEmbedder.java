package dev.myelin.library.job;

import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Embedding;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A model whose embeddings say how long a text is, and that does what a test wants before it
/// answers.
final class GatedEmbedder implements Embedder {
  final AtomicInteger calls = new AtomicInteger();
  volatile Runnable before = () -> {};

  @Override
  public String model() {
    return "lengths";
  }

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public void prepare() {}

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    calls.incrementAndGet();
    before.run();
    return texts.stream().map(text -> Embedding.of(new float[] {1, text.length()})).toList();
  }

  @Override
  public Embedding embedQuery(String text) {
    return Embedding.of(new float[] {1, text.length()});
  }

  @Override
  public void close() {}
}

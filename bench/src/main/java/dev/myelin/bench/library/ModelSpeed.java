package dev.myelin.bench.library;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.EmbeddingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How fast the built-in model is with nothing around it, configured as a server has it.
///
/// @param count how many passages are embedded
record ModelSpeed(Passages passages, int count) {
  private static final int AT_ONCE = 32;
  private static final int CALLERS = 2;

  double passagesPerSecond() throws InterruptedException {
    try (Embedder model = Embedder.open(EmbeddingConfig.DEFAULT).orElseThrow()) {
      model.embedPassages(texts(-AT_ONCE)); // loads it
      long start = System.nanoTime();
      embedAll(model);
      return count / ((System.nanoTime() - start) / 1e9);
    }
  }

  private void embedAll(Embedder model) throws InterruptedException {
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int first = 0; first < count; first += AT_ONCE) {
        List<String> texts = texts(first);
        calls.add(() -> model.embedPassages(texts).size());
      }
      for (Future<Integer> call : callers.invokeAll(calls)) {
        call.get();
      }
    } catch (ExecutionException e) {
      throw new LoadFailure("the model failed: " + e.getCause(), e);
    }
  }

  private List<String> texts(int first) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < AT_ONCE && first + i < count; i++) {
      texts.add(passages.text(first + i));
    }
    return texts;
  }
}

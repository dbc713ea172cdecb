package dev.myelin.library;

import dev.myelin.library.PassageMaker.Placed;
import dev.myelin.library.document.NewPassage;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.model.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Gives passages their embeddings before they are written. Blocks; any thread.
final class Meanings {
  /// How many texts the model is given at once.
  private static final int AT_ONCE = 32;

  private final @Nullable Embedder embedder;
  private final Semaphore room;

  Meanings(@Nullable Embedder embedder, int maxConcurrent) {
    this.embedder = embedder;
    room = new Semaphore(maxConcurrent, true);
  }

  /// Whether the model's embeddings fit a library of that dimension, 0 for not settled.
  boolean fits(int dimension) {
    return embedder != null
        && (dimension == 0 || embedder.dimension() == 0 || embedder.dimension() == dimension);
  }

  /// Why the model's embeddings do not fit a library of that dimension.
  String misfit(int dimension) {
    return embedder == null
        ? "the server has no embedding model"
        : "the library has embeddings of "
            + dimension
            + " values, and the server's model makes others, of "
            + embedder.dimension();
  }

  /// The embedding of a question.
  ///
  /// @throws dev.myelin.model.ServiceException what the model says while it cannot answer
  Embedding ofQuestion(String text) {
    if (embedder == null) {
      throw new IllegalStateException("embedder: none");
    }
    return embedder.embedQuery(text);
  }

  /// The passages, each with an embedding where the model fits.
  ///
  /// @throws dev.myelin.model.ServiceException what the model says while it cannot answer
  List<Placed> of(List<Placed> passages, int dimension) {
    List<String> missing =
        passages.stream()
            .filter(placed -> placed.passage().embedding() == null)
            .map(placed -> placed.passage().text())
            .toList();
    boolean mixed = missing.size() < passages.size();
    if (missing.isEmpty() || !fits(mixed && dimension == 0 ? given(passages) : dimension)) {
      return passages;
    }
    List<Embedding> made = embed(missing);
    List<Placed> whole = new ArrayList<>(passages.size());
    int next = 0;
    for (Placed placed : passages) {
      NewPassage passage = placed.passage();
      whole.add(
          passage.embedding() != null
              ? placed
              : new Placed(new NewPassage(passage.text(), made.get(next++)), placed.start()));
    }
    return whole;
  }

  private static int given(List<Placed> passages) {
    for (Placed placed : passages) {
      Embedding embedding = placed.passage().embedding();
      if (embedding != null) {
        return embedding.dimension();
      }
    }
    return 0;
  }

  private List<Embedding> embed(List<String> texts) {
    Embedder model = embedder;
    if (model == null) {
      return List.of();
    }
    List<Embedding> made = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i += AT_ONCE) {
      List<String> some = texts.subList(i, Math.min(texts.size(), i + AT_ONCE));
      room.acquireUninterruptibly();
      try {
        made.addAll(model.embedPassages(some));
      } finally {
        room.release();
      }
    }
    return made;
  }
}

package dev.myelin.memory.embedding;

import dev.myelin.model.Embedding;
import java.util.List;
import java.util.Optional;

/// Turns texts into embeddings of one model.
///
/// Any thread; blocks while it computes. A query and a passage may be embedded differently, as the
/// model was trained. Opening is cheap: what is slow happens on [#prepare()] or with the first
/// text.
public interface Embedder extends AutoCloseable {

  /// The embedder that a configuration asks for, or empty if it asks for none.
  static Optional<Embedder> open(EmbeddingConfig config) {
    return switch (config.provider()) {
      case IN_PROCESS -> Optional.of(new InProcessEmbedder(config.threads()));
      case OPENAI -> Optional.of(new OpenAiEmbedder(config));
      case NONE -> Optional.empty();
    };
  }

  /// The model's name, stored with what it made.
  String model();

  /// The length of its embeddings, or 0 while that is not known yet. Never blocks.
  int dimension();

  /// Begins in the background what would slow down the first text: loads the model, asks for the
  /// dimension. Returns at once; more than once is as good as once.
  void prepare();

  /// Embeds passages, in order. Long ones are cut where the model ends.
  ///
  /// @throws dev.myelin.model.ServiceException UNSUPPORTED if the model refuses one of the texts,
  ///   OVERLOADED if it cannot be reached now, SHUTTING_DOWN once closed, INTERNAL if somebody must
  ///   mend the configuration
  List<Embedding> embedPassages(List<String> texts);

  /// Embeds a question, ahead of waiting passages.
  ///
  /// @throws dev.myelin.model.ServiceException as [#embedPassages(List)]
  Embedding embedQuery(String text);

  /// Waits for what is being computed, then lets go of the model.
  @Override
  void close();
}

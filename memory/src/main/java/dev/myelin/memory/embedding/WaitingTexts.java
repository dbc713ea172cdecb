package dev.myelin.memory.embedding;

import dev.myelin.model.Embedding;
import dev.myelin.model.ServiceException;
import java.util.List;

/// The committed texts that wait for their embeddings: the memory engine's side of embedding in the
/// background. Each has a row in the journal until it is settled, so a crash loses none.
public interface WaitingTexts {

  /// Waiting texts from the journal, at most `max`, spaces in order of name, oldest first inside.
  /// Blocks.
  List<WaitingText> waiting(int max);

  /// Queues the write of an embedding. When it is durable and visible, or the text does not wait
  /// any more, `settled` runs on the committer thread.
  ///
  /// Blocks to read the memory.
  ///
  /// @throws ServiceException OVERLOADED, STORAGE_UNAVAILABLE, SHUTTING_DOWN: try again later
  void embedded(WaitingText text, String model, Embedding embedding, Runnable settled);

  /// Queues the end of the waiting for a text that no model takes: it stays found by its words.
  ///
  /// @throws ServiceException as above
  void giveUp(WaitingText text, Runnable settled);

  /// Tells a listener of each text that begins to wait, on the committer thread.
  void listen(Listener listener);

  /// Hears of new waiting texts. Must be quick and must not throw; it may forget, as
  /// [#waiting(int)] does not.
  @FunctionalInterface
  interface Listener {
    void waits(WaitingText text);
  }
}

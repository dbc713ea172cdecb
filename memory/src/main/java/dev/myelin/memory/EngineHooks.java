package dev.myelin.memory;

import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.WaitingText;
import dev.myelin.memory.space.Draft;
import dev.myelin.memory.space.EmbeddingDoor;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.Spaces;
import dev.myelin.memory.space.Upkeep;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What commits do beyond their own write: wake the upkeep, tell listeners, let texts wait for the
/// model.
final class EngineHooks implements CommitHooks {
  private final @Nullable Embedder embedder;
  private final Spaces spaces;
  private final Upkeep upkeep;
  private final Watchers watchers;
  private @Nullable EmbeddingDoor door;

  EngineHooks(@Nullable Embedder embedder, Spaces spaces, Upkeep upkeep, Watchers watchers) {
    this.embedder = embedder;
    this.spaces = spaces;
    this.upkeep = upkeep;
    this.watchers = watchers;
  }

  /// Where texts are told of that wait for the model. Set once, before anything is committed.
  void embedThrough(EmbeddingDoor embeddings) {
    door = embeddings;
  }

  /// A text also waits while the model's dimension is not known yet; if that turns out to be
  /// another one, it ends its waiting without an embedding.
  @Override
  public boolean isEmbeddable(int dimension) {
    if (embedder == null) {
      return false;
    }
    int made = embedder.dimension();
    return dimension == 0 || made == 0 || dimension == made;
  }

  @Override
  public void due(Space space) {
    upkeep.due(space);
  }

  @Override
  public void forgotten(Space space, MemoryId id) {
    watchers.of(space.id()).forEach(listener -> listener.forgotten(id, ForgetMode.DELETE));
  }

  @Override
  public void dropped(Space space) {
    spaces.drop(space);
    upkeep.dropped(space);
  }

  @Override
  public void embedded(Space space, WaitingText text) {
    watchers.of(space.id()).forEach(listener -> listener.indexed(text.id(), text.offset()));
  }

  @Override
  public void remembered(Space space, Draft draft, Stored stored, boolean waits) {
    List<SpaceListener> listeners = watchers.of(space.id());
    if (!listeners.isEmpty()) {
      Memory memory = draft.memory(stored.offset(), stored.committedAt());
      listeners.forEach(listener -> listener.remembered(memory));
    }
    EmbeddingDoor embeddings = door;
    if (waits && embeddings != null) {
      embeddings.tell(
          new WaitingText(
              space.id(),
              stored.offset(),
              draft.id(),
              stored.committedAt(),
              draft.episode().what()));
    }
  }
}

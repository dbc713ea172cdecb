package dev.myelin.memory.space;

import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.memory.embedding.WaitingText;
import dev.myelin.memory.embedding.WaitingTexts;
import dev.myelin.memory.record.EmbeddedRecord;
import dev.myelin.memory.vector.VectorMath;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The engine's side of embedding in the background.
public final class EmbeddingDoor implements WaitingTexts {
  private final Journal journal;
  private final Spaces spaces;
  private final Replay replay;
  private final SpaceEvents events;
  private volatile Listener listener = _ -> {};

  public EmbeddingDoor(Journal journal, Spaces spaces, Replay replay, SpaceEvents events) {
    this.journal = journal;
    this.spaces = spaces;
    this.replay = replay;
    this.events = events;
  }

  /// A text was committed and waits.
  public void tell(WaitingText text) {
    listener.waits(text);
  }

  @Override
  public void listen(Listener hearer) {
    listener = hearer;
  }

  @Override
  public List<WaitingText> waiting(int max) {
    List<byte[]> keys = new ArrayList<>();
    journal.scan(
        SpaceTables.WAITING,
        new byte[0],
        (key, _) -> {
          keys.add(key);
          return keys.size() < max;
        });
    List<WaitingText> texts = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      Space space = spaces.find(SpaceTables.space(key));
      if (space != null) {
        replay
            .memory(space.stream(), SpaceTables.waitingOffset(key))
            .ifPresent(memory -> texts.add(text(space, memory)));
      }
    }
    return texts;
  }

  private static WaitingText text(Space space, Memory memory) {
    return new WaitingText(
        space.id(), memory.offset(), memory.id(), memory.committedAt(), memory.content());
  }

  @Override
  public void embedded(WaitingText text, String model, Embedding embedding, Runnable settled) {
    Space space = spaces.obtain(text.space());
    Memory memory = replay.memory(space.stream(), text.offset()).orElse(null);
    submit(space, text, memory == null ? null : vector(memory, model, embedding), settled);
  }

  private EmbedTransaction.Vector vector(Memory memory, String model, Embedding embedding) {
    float inverse = VectorMath.FASTEST.inverseLength(embedding.values());
    EmbeddedRecord record = new EmbeddedRecord(memory.offset(), false, model, embedding, inverse);
    return new EmbedTransaction.Vector(
        record.encode(), embedding.dimension(), replay.embedded(memory, 0, embedding));
  }

  @Override
  public void giveUp(WaitingText text, Runnable settled) {
    submit(spaces.obtain(text.space()), text, null, settled);
  }

  private void submit(
      Space space, WaitingText text, EmbedTransaction.@Nullable Vector vector, Runnable settled) {
    journal.submit(Lane.NORMAL, new EmbedTransaction(space, text, vector, events, settled));
  }
}

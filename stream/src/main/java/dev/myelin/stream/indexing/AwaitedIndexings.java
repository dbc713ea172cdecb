package dev.myelin.stream.indexing;

import dev.myelin.model.Episode;
import dev.myelin.model.MemoryId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The texts of one connection whose embedding it waits to hear of; bounded, any thread.
public final class AwaitedIndexings {
  /// A text that has its embedding now.
  public record Indexing(long sequence, MemoryId memory) {}

  private final IndexedNotices.Watched space;
  private final int max;
  private final Runnable signal;
  private final AtomicInteger pending = new AtomicInteger();
  private final Queue<Indexing> ready = new ConcurrentLinkedQueue<>();

  AwaitedIndexings(IndexedNotices.Watched space, int max, Runnable signal) {
    this.space = space;
    this.max = max;
    this.signal = signal;
  }

  /// Whether to wait for an episode: not if it came with its embedding, nor if too many wait.
  public boolean wants(Episode episode) {
    return episode.embedding() == null && pending.get() < max;
  }

  /// A text is about to be committed.
  public void add(long offset, long sequence) {
    pending.incrementAndGet();
    space.await(offset, this, sequence);
  }

  /// It was not committed after all.
  public void forget(long offset) {
    if (space.forget(offset)) {
      pending.decrementAndGet();
    }
  }

  /// The next one that is ready and whose number is not above a bound, or null.
  public @Nullable Indexing poll(long maxSequence) {
    Indexing next = ready.peek();
    if (next == null || next.sequence > maxSequence) {
      return null;
    }
    pending.decrementAndGet();
    return ready.poll();
  }

  /// Nobody waits any more.
  public void close() {
    space.leave(this);
  }

  void indexed(long sequence, MemoryId id) {
    ready.add(new Indexing(sequence, id));
    signal.run();
  }
}

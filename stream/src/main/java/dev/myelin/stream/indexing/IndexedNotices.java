package dev.myelin.stream.indexing;

import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.MemoryEngine.Watch;
import dev.myelin.memory.SpaceListener;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Hears from the memory engine which texts have their embedding, and passes it to those who wait
/// for it: one watch per space, however many wait.
public final class IndexedNotices {
  private final MemoryEngine memories;
  private final Map<SpaceId, Watched> spaces = new HashMap<>(); // guarded by this

  public IndexedNotices(MemoryEngine memories) {
    this.memories = memories;
  }

  /// Begins to wait for texts of a space.
  ///
  /// @param max texts to wait for at a time
  /// @param signal run when one may be ready; any thread
  public synchronized AwaitedIndexings join(SpaceId space, int max, Runnable signal) {
    Watched watched = spaces.get(space);
    if (watched == null) {
      watched = new Watched(space);
      watched.watch = memories.watch(space, watched);
      spaces.put(space, watched);
    }
    watched.waiters++;
    return new AwaitedIndexings(watched, max, signal);
  }

  private synchronized void leave(Watched watched) {
    watched.waiters--;
    if (watched.waiters == 0) {
      spaces.remove(watched.space);
      Objects.requireNonNull(watched.watch).close();
    }
  }

  /// One space, and who waits for which of its commits.
  final class Watched implements SpaceListener {
    private record Waiting(AwaitedIndexings by, long sequence) {}

    private final SpaceId space;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private int waiters;
    private @Nullable Watch watch;

    private Watched(SpaceId space) {
      this.space = space;
    }

    void await(long offset, AwaitedIndexings by, long sequence) {
      waiting.put(offset, new Waiting(by, sequence));
    }

    boolean forget(long offset) {
      return waiting.remove(offset) != null;
    }

    void leave(AwaitedIndexings one) {
      waiting.values().removeIf(each -> each.by == one);
      IndexedNotices.this.leave(this);
    }

    @Override
    public void remembered(Memory memory) {
      // The commitment tells of it.
    }

    @Override
    public void indexed(MemoryId id, long offset) {
      Waiting found = waiting.remove(offset);
      if (found != null) {
        found.by.indexed(found.sequence, id);
      }
    }
  }
}

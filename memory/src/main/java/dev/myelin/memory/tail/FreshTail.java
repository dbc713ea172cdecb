package dev.myelin.memory.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The newest records of a space in searchable form, in memory.
///
/// **Writing.** One writer at a time (the space sees to it) publishes records in order of offset,
/// and drops chunks that the index covers. **Reading.** Any thread, without waiting: a [TailView]
/// ends at the watermark, which the writer moves after everything below it is in place. A memory
/// that dies is marked with the offset of its death, so a view sees it alive or dead as of its own
/// end, and what replaces a memory appears in the same instant as the old one goes.
public final class FreshTail {
  private final int chunkRecords;
  private final TailBudget budget;
  private volatile Chunks chunks;
  private volatile long watermark;

  // Confined to the writer: what the budget knows of the last chunk.
  private long accounted;

  // Confined to the writer: entries that are not at the slot of their memory's own offset.
  private final Map<Long, TailEntry> reborn = new HashMap<>();

  /// Consecutive chunks, oldest first.
  ///
  /// @param before the offset before the first chunk
  private record Chunks(List<TailChunk> list, long before) {
    long last() {
      return list.isEmpty() ? before : list.getLast().last();
    }
  }

  /// A tail that holds nothing yet.
  ///
  /// @param covered the offset after which it begins: what lies before is in the index
  /// @param chunkRecords how many records are dropped at once
  public FreshTail(long covered, int chunkRecords, TailBudget budget) {
    this.chunkRecords = chunkRecords;
    this.budget = budget;
    chunks = new Chunks(List.of(), covered);
    watermark = covered;
  }

  /// The offset of the newest record.
  public long watermark() {
    return watermark;
  }

  /// About how much memory it takes.
  public long bytes() {
    long sum = 0;
    for (TailChunk chunk : chunks.list) {
      sum += chunk.bytes();
    }
    return sum;
  }

  /// Adds the next record.
  ///
  /// @param offset one more than the watermark
  /// @param death the memory that dies with it, 0 for none
  /// @param birth the memory that becomes visible with it, if any
  public void publish(long offset, long death, @Nullable Newborn birth) {
    if (offset != watermark + 1) {
      throw new IllegalStateException("offset: " + offset + " (expected: " + (watermark + 1) + ")");
    }
    TailChunk chunk = chunkFor(offset);
    if (death != 0) {
      kill(death, offset, chunk);
    }
    if (birth != null) {
      TailEntry entry = chunk.add(offset, birth);
      if (birth.facets().offset() != offset) {
        reborn.put(birth.facets().offset(), entry);
      }
    }
    long size = chunk.bytes();
    budget.add(size - accounted);
    accounted = size;
    watermark = offset;
  }

  private TailChunk chunkFor(long offset) {
    Chunks now = chunks;
    if (offset <= now.last()) {
      return now.list.getLast();
    }
    TailChunk added = new TailChunk(offset, chunkRecords);
    accounted = 0;
    TailChunk[] longer = Arrays.copyOf(now.list.toArray(new TailChunk[0]), now.list.size() + 1);
    longer[now.list.size()] = added;
    chunks = new Chunks(List.of(longer), now.before);
    return added;
  }

  private void kill(long memory, long offset, TailChunk chunk) {
    chunk.addDeath(memory, offset);
    TailEntry entry = entryOf(memory);
    if (entry != null) {
      entry.die(offset);
    }
  }

  /// The newest entry of a memory here, dead or alive; null if the tail does not hold it. For the
  /// writer only.
  public @Nullable TailEntry entryOf(long memory) {
    TailEntry entry = reborn.get(memory);
    if (entry != null) {
      return entry;
    }
    Chunks now = chunks;
    if (memory <= now.before || memory > watermark) {
      return null;
    }
    return chunkOf(memory, now.list).entry(memory);
  }

  private static TailChunk chunkOf(long offset, List<TailChunk> list) {
    int low = 0;
    int high = list.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (list.get(middle).last() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return list.get(low);
  }

  /// Ends the last chunk early, so that it can be indexed and dropped. For the writer only.
  public void seal() {
    Chunks now = chunks;
    if (!now.list.isEmpty() && now.last() > watermark) {
      now.list.getLast().cut(watermark);
    }
  }

  /// Whether a chunk ends with that offset. For the writer only.
  public boolean isSealedAt(long offset) {
    return chunks.last() == offset;
  }

  /// Drops whole chunks up to an offset. For the writer only.
  public void drop(long covered) {
    Chunks now = chunks;
    List<TailChunk> kept = new ArrayList<>();
    for (TailChunk chunk : now.list) {
      if (chunk.last() > covered) {
        kept.add(chunk);
      } else {
        budget.add(-chunk.bytes());
      }
    }
    long before = kept.isEmpty() ? now.last() : kept.getFirst().first() - 1;
    chunks = new Chunks(List.copyOf(kept), before);
    reborn.values().removeIf(entry -> entry.bornAt <= before);
  }

  /// Gives back what the budget knows of it; nothing may be published any more. For the writer
  /// only.
  public void close() {
    budget.add(-bytes());
  }

  /// Chunks that will not change any more, oldest first.
  public List<TailChunk> sealed() {
    long end = watermark;
    List<TailChunk> sealed = new ArrayList<>();
    for (TailChunk chunk : chunks.list) {
      if (chunk.last() <= end) {
        sealed.add(chunk);
      }
    }
    return sealed;
  }

  /// Everything up to now.
  public TailView view() {
    Chunks now = chunks;
    // What was added after `chunks` was read may be below the watermark: the view ends before it.
    return new TailView(now.list, now.before, Math.min(watermark, now.last()));
  }
}

package dev.myelin.memory.tail;

import dev.myelin.memory.vector.VectorMath;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What consecutive records of a space changed. One writer; readers look only at what lies up to a
/// watermark they read before.
public final class TailChunk {
  private static final int FIRST_BLOCK = 4;
  private static final int MAX_BLOCK = 64;
  private static final int BYTES_PER_ENTRY = 160;

  private final long first;
  private final @Nullable TailEntry[] entries;
  // What died here, wherever it was born: the earliest death of each memory.
  private final Map<Long, Long> deaths = new ConcurrentHashMap<>();

  // Confined to the writer.
  private float[] block = {};
  private int free;
  private int blockVectors = FIRST_BLOCK;
  private long size;

  private volatile long bytes;
  private volatile int length;

  TailChunk(long first, int records) {
    this.first = first;
    entries = new TailEntry[records];
    length = records;
    size = 4L * records;
    bytes = size;
  }

  /// The lowest offset it covers.
  public long first() {
    return first;
  }

  /// The highest offset it covers.
  public long last() {
    return first + length - 1;
  }

  /// Ends it early: nothing is added any more.
  ///
  /// @param last the offset of its newest record
  void cut(long last) {
    length = (int) (last - first + 1);
  }

  /// About how much memory it takes.
  public long bytes() {
    return bytes;
  }

  /// Adds what was born with a record.
  TailEntry add(long offset, Newborn newborn) {
    TailEntry entry;
    float[] vector = newborn.vector();
    if (vector == null) {
      entry = new TailEntry(offset, newborn, null, 0);
    } else {
      int at = reserve(vector.length);
      VectorMath.FASTEST.scale(vector, newborn.inverseLength(), block, at);
      entry = new TailEntry(offset, newborn, block, at);
    }
    entries[(int) (offset - first)] = entry;
    size += BYTES_PER_ENTRY + 8L * newborn.terms().size();
    bytes = size;
    return entry;
  }

  /// Blocks grow, so that a space with a few memories stays small.
  private int reserve(int dimension) {
    if (free + dimension > block.length) {
      block = new float[blockVectors * dimension];
      size += 4L * block.length;
      blockVectors = Math.min(MAX_BLOCK, 2 * blockVectors);
      free = 0;
    }
    int at = free;
    free += dimension;
    return at;
  }

  void addDeath(long memory, long offset) {
    deaths.putIfAbsent(memory, offset);
  }

  /// What was born with the record of that offset.
  public @Nullable TailEntry entry(long offset) {
    return entries[(int) (offset - first)];
  }

  /// When a memory first died here, [Long#MAX_VALUE] if it did not.
  long deathOf(long memory) {
    return deaths.isEmpty() ? Long.MAX_VALUE : deaths.getOrDefault(memory, Long.MAX_VALUE);
  }

  int deathCount() {
    return deaths.size();
  }

  /// The memories that died here.
  public Iterable<Long> deaths() {
    return deaths.keySet();
  }
}

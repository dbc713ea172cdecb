package dev.myelin.memory.ranking;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.NumericUtils;

/// The best hits seen so far, at most as many as asked for; of equals, the newest. One thread.
///
/// A heap of arrays: offering allocates nothing once it is full.
public final class TopHits {
  private final int capacity;
  private long[] ranks;
  private long[] offsets;
  private long[] vectors;
  private int size;
  private long offered;

  public TopHits(int capacity) {
    this.capacity = capacity;
    int initial = Math.min(capacity, 64);
    ranks = new long[initial];
    offsets = new long[initial];
    vectors = new long[initial];
  }

  /// A number that orders as the score does.
  public static long rank(float score) {
    return NumericUtils.floatToSortableInt(score);
  }

  public boolean isFull() {
    return size == capacity;
  }

  public int size() {
    return size;
  }

  /// Whether a hit of that score, and newer than all others, would be taken.
  public boolean wouldTake(float score) {
    return size < capacity || rank(score) >= ranks[0];
  }

  /// How many hits were offered, taken or not.
  public long offered() {
    return offered;
  }

  public void offer(float score, long offset, long vectorOffset) {
    offer(rank(score), offset, vectorOffset);
  }

  public void offer(long rank, long offset, long vectorOffset) {
    offered++;
    if (size < capacity) {
      grow();
      set(size, rank, offset, vectorOffset);
      up(size++);
    } else if (rank > ranks[0] || (rank == ranks[0] && offset > offsets[0])) {
      set(0, rank, offset, vectorOffset);
      down(0);
    }
  }

  /// Takes all hits out, best first, as scores.
  public List<Hit> drain() {
    Hit[] hits = new Hit[size];
    while (size > 0) {
      float score = NumericUtils.sortableIntToFloat((int) ranks[0]);
      hits[size - 1] = new Hit(offsets[0], vectors[0], score);
      size--;
      set(0, ranks[size], offsets[size], vectors[size]);
      down(0);
    }
    return new ArrayList<>(List.of(hits));
  }

  private void set(int at, long rank, long offset, long vectorOffset) {
    ranks[at] = rank;
    offsets[at] = offset;
    vectors[at] = vectorOffset;
  }

  private boolean worse(int a, int b) {
    return ranks[a] < ranks[b] || (ranks[a] == ranks[b] && offsets[a] < offsets[b]);
  }

  private void up(int from) {
    int at = from;
    while (at > 0 && worse(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  private void down(int from) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && worse(child + 1, child)) {
        child++;
      }
      if (!worse(child, at)) {
        return;
      }
      swap(child, at);
      at = child;
    }
  }

  private void swap(int a, int b) {
    long rank = ranks[a];
    long offset = offsets[a];
    long vector = vectors[a];
    set(a, ranks[b], offsets[b], vectors[b]);
    set(b, rank, offset, vector);
  }

  private void grow() {
    if (size == ranks.length) {
      int larger = Math.min(capacity, 2 * size);
      ranks = java.util.Arrays.copyOf(ranks, larger);
      offsets = java.util.Arrays.copyOf(offsets, larger);
      vectors = java.util.Arrays.copyOf(vectors, larger);
    }
  }
}

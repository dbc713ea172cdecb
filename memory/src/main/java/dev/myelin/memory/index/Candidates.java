package dev.myelin.memory.index;

/// Keeps about the best of many estimates: everything over a floor that rises as better ones come.
/// One thread.
public final class Candidates {
  private final int wanted;
  private final float[] estimates;
  private final long[] places;
  private int size;
  private float floor = Float.NEGATIVE_INFINITY;

  /// @param wanted how many to keep, 1 or more
  public Candidates(int wanted) {
    this.wanted = wanted;
    estimates = new float[2 * wanted];
    places = new long[2 * wanted];
  }

  /// Estimates not over it need not be added.
  public float floor() {
    return floor;
  }

  /// Adds an estimate over the floor, and returns the floor from now on.
  public float add(float estimate, int segment, int document) {
    estimates[size] = estimate;
    places[size] = (long) segment << 32 | document;
    if (++size == estimates.length) {
      keepBest();
    }
    return floor;
  }

  private void keepBest() {
    select(0, size - 1);
    size = wanted;
    float lowest = Float.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      lowest = Math.min(lowest, estimates[i]);
    }
    floor = lowest;
  }

  /// Moves the `wanted` best to the front (quickselect, Hoare).
  private void select(int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      float pivot = estimates[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (estimates[i] > pivot) {
          i++;
        }
        while (estimates[j] < pivot) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (wanted - 1 <= j) {
        high = j;
      } else if (wanted - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private void swap(int a, int b) {
    float estimate = estimates[a];
    estimates[a] = estimates[b];
    estimates[b] = estimate;
    long place = places[a];
    places[a] = places[b];
    places[b] = place;
  }

  /// The places of the best, in order of segment (upper half) and document.
  public long[] places() {
    if (size > wanted) {
      keepBest();
    }
    long[] best = java.util.Arrays.copyOf(places, size);
    java.util.Arrays.sort(best);
    return best;
  }
}

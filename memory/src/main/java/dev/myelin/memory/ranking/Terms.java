package dev.myelin.memory.ranking;

import java.util.Arrays;

/// The terms of one text, each a 56-bit hash with how often it occurs (at most 255 times). The
/// index stores the same hashes, so a text matches alike wherever it is searched.
public final class Terms {
  public static final Terms NONE = new Terms(new long[0], 0);

  private static final int FREQUENCY_BITS = 8;
  private static final int MAX_FREQUENCY = (1 << FREQUENCY_BITS) - 1;

  /// Hash in the high 56 bits, frequency in the low 8; ascending.
  private final long[] entries;

  private final int length;

  private Terms(long[] entries, int length) {
    this.entries = entries;
    this.length = length;
  }

  /// The terms of a text.
  ///
  /// @param hashes one per occurrence; only the high 56 bits of each count
  static Terms of(long[] hashes, int count) {
    if (count == 0) {
      return NONE;
    }
    for (int i = 0; i < count; i++) {
      hashes[i] &= -1L << FREQUENCY_BITS;
    }
    Arrays.sort(hashes, 0, count);
    int distinct = 0;
    int length = 0;
    for (int i = 0; i < count; ) {
      int end = i + 1;
      while (end < count && hashes[end] == hashes[i]) {
        end++;
      }
      int frequency = Math.min(end - i, MAX_FREQUENCY);
      hashes[distinct++] = hashes[i] | frequency;
      length += frequency;
      i = end;
    }
    return new Terms(Arrays.copyOf(hashes, distinct), length);
  }

  /// The terms of both texts together.
  public Terms plus(Terms other) {
    if (other.length == 0) {
      return this;
    }
    long[] merged = new long[entries.length + other.entries.length];
    int count = 0;
    int mine = 0;
    int theirs = 0;
    while (mine < entries.length || theirs < other.entries.length) {
      long a = mine < entries.length ? hash(mine) : Long.MAX_VALUE;
      long b = theirs < other.entries.length ? other.hash(theirs) : Long.MAX_VALUE;
      int sum = 0;
      if (a <= b) {
        sum += frequency(mine++);
      }
      if (b <= a) {
        sum += other.frequency(theirs++);
      }
      merged[count++] = Math.min(a, b) | Math.min(sum, MAX_FREQUENCY);
    }
    return new Terms(Arrays.copyOf(merged, count), length + other.length);
  }

  /// How many different terms there are.
  public int size() {
    return entries.length;
  }

  /// How many terms the text has, repetitions counted.
  public int length() {
    return length;
  }

  /// The hash of a term; its low 8 bits are zero.
  public long hash(int index) {
    return entries[index] & (-1L << FREQUENCY_BITS);
  }

  /// How often a term occurs.
  public int frequency(int index) {
    return (int) (entries[index] & MAX_FREQUENCY);
  }

  /// How often the term of that hash occurs, 0 if it does not.
  public int frequencyOf(long hash) {
    int low = 0;
    int high = entries.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long entry = entries[middle];
      if ((entry & (-1L << FREQUENCY_BITS)) == hash) {
        return (int) (entry & MAX_FREQUENCY);
      }
      if (entry < hash) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return 0;
  }
}

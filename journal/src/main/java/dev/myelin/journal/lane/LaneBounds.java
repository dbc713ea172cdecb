package dev.myelin.journal.lane;

/// How much may wait in a lane: a transaction that would go past either bound is refused.
public record LaneBounds(int capacity, long capacityBytes) {
  /// What one counter holds.
  private static final int MAX_CAPACITY = (1 << 22) - 1;

  private static final long MAX_CAPACITY_BYTES = (1L << 40) - 1;

  public LaneBounds {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "lane capacity: " + capacity + " (expected: 1 to " + MAX_CAPACITY + ")");
    }
    if (capacityBytes < 1 || capacityBytes > MAX_CAPACITY_BYTES) {
      throw new IllegalArgumentException(
          "lane bytes: " + capacityBytes + " (expected: 1 to " + MAX_CAPACITY_BYTES + ")");
    }
  }
}

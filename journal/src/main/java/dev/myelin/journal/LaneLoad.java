package dev.myelin.journal;

/// How full a lane is: waiting transactions and bytes, each with its bound.
public record LaneLoad(int depth, int capacity, long bytes, long capacityBytes) {

  /// 0 (empty) to 1 (full), by items or by bytes, whichever is more.
  public float pressure() {
    return Math.max((float) depth / capacity, (float) ((double) bytes / capacityBytes));
  }
}

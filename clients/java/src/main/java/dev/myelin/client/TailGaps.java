package dev.myelin.client;

import dev.myelin.client.model.SpaceEvent;

/// Counts what a tail missed while it had no connection. One thread.
///
/// Every event takes one commit number of its space, but only a stored memory tells its own; an
/// index event names the number of the memory, which is an older one. So the others are counted
/// from one stored memory to the next.
final class TailGaps {
  private long last;
  private long between;
  private boolean broken;

  /// The connection broke: the next stored memory shows how many events were missed.
  void broke() {
    broken = true;
  }

  /// Takes in an event.
  ///
  /// @return how many events before it were missed, 0 if none or if that cannot be known
  long before(SpaceEvent event) {
    return switch (event.kind()) {
      case STORED -> stored(event.sequence());
      case FORGOTTEN, RESTORED, INDEXED -> heard(1);
      case MISSED -> heard(event.missed());
      case OTHER -> 0;
    };
  }

  private long heard(long events) {
    between += events;
    return 0;
  }

  private long stored(long sequence) {
    if (sequence <= last) {
      return 0;
    }
    long missed = broken && last > 0 ? Math.max(0, sequence - last - 1 - between) : 0;
    last = sequence;
    between = 0;
    broken = false;
    return missed;
  }
}

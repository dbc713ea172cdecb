package dev.myelin.journal.lane;

import dev.myelin.journal.Transaction;

/// A transaction that waits, and the bytes it is counted with.
public record Waiting(Transaction transaction, int bytes) {
  public Waiting {
    if (bytes < 0) {
      throw new IllegalArgumentException("size: " + bytes + " bytes (expected: 0 or more)");
    }
  }

  public static Waiting of(Transaction transaction) {
    return new Waiting(transaction, transaction.sizeInBytes());
  }
}

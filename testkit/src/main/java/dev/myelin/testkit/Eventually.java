package dev.myelin.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what other threads bring about, and fails with a clear text if they do not.
public final class Eventually {
  /// Long enough for a busy machine; nothing waits that long if it works.
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 200_000;

  private Eventually() {}

  /// Waits until the condition holds.
  ///
  /// @param what completes the sentence "never came true: ..."
  public static void until(String what, BooleanSupplier condition) {
    until(what, DEADLINE, condition);
  }

  public static void until(String what, Duration deadline, BooleanSupplier condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never came true in " + deadline + ": " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}

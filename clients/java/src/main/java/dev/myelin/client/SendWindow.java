package dev.myelin.client;

import dev.myelin.client.transport.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How many observations may be in flight, and whether the next has to wait: the server narrows it
/// under pressure and holds it when it is overloaded. The stream's loop.
final class SendWindow {
  private static final Duration DEFAULT_HOLD = Duration.ofMillis(100);
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

  private final Loop loop;
  private final int widest;
  private final Runnable released;
  private int size;
  private long heldUntil;
  private Loop.@Nullable Timer timer;

  /// @param released called when a hold that was asked for is over
  SendWindow(Loop loop, int widest, Runnable released) {
    this.loop = loop;
    this.widest = widest;
    this.released = released;
    this.size = widest;
  }

  int size() {
    return size;
  }

  /// A new connection starts with the whole window and no hold.
  void reset() {
    cancel();
    size = widest;
    heldUntil = 0;
  }

  void widen() {
    size = widest;
  }

  void narrow() {
    size = Math.max(1, size / 2);
  }

  /// Lets nothing out for a while.
  ///
  /// @param wait null for the usual; bounded by 10 s
  void hold(@Nullable Duration wait) {
    Duration wanted = wait == null ? DEFAULT_HOLD : wait;
    Duration bounded = wanted.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : wanted;
    heldUntil = Math.max(1, loop.nanoTime() + bounded.toNanos());
  }

  /// Whether a hold lasts; its end is told.
  boolean isHeld() {
    long rest = heldUntil == 0 ? 0 : heldUntil - loop.nanoTime();
    if (rest <= 0) {
      heldUntil = 0;
      return false;
    }
    if (timer == null) {
      timer = loop.schedule(Duration.ofNanos(rest), this::release);
    }
    return true;
  }

  private void release() {
    timer = null;
    released.run();
  }

  /// Tells of no end of a hold any more, until somebody asks again.
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}

package dev.myelin.live.access;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts the use of one key or tenant. Any thread; what one thread adds, others may see late.
final class Meter {
  private static final long NEVER = Long.MIN_VALUE;

  private final AtomicLong requests;
  private final AtomicLong lastUsed;
  private volatile Usage written;

  Meter(Usage usage) {
    Instant last = usage.lastUsedAt();
    requests = new AtomicLong(usage.requests());
    lastUsed = new AtomicLong(last == null ? NEVER : last.toEpochMilli());
    written = usage;
  }

  void count(Instant now) {
    lastUsed.set(now.toEpochMilli());
    requests.incrementAndGet();
  }

  Usage usage() {
    long last = lastUsed.get();
    return new Usage(last == NEVER ? null : Instant.ofEpochMilli(last), requests.get());
  }

  /// What is to be written, or null if that was written already.
  @Nullable Usage unwritten() {
    Usage usage = usage();
    return usage.equals(written) ? null : usage;
  }

  void wrote(Usage usage) {
    written = usage;
  }
}

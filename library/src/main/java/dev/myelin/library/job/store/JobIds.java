package dev.myelin.library.job.store;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/// Makes ids of jobs: UUIDs of version 7 (RFC 9562), each greater than those before, whatever the
/// clock does. Any thread.
public final class JobIds {
  private static final int MAX_COUNT = 0xfff;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 1L << 63;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private long millis;
  private int count;

  public JobIds(InstantSource clock) {
    this.clock = clock;
  }

  /// The next id.
  public synchronized String next() {
    long now = clock.millis();
    if (now > millis) {
      millis = now;
      count = 0;
    } else if (count == MAX_COUNT) {
      millis++;
      count = 0;
    } else {
      count++;
    }
    long high = (millis << 16) | VERSION | count;
    return new UUID(high, VARIANT | (random.nextLong() >>> 2)).toString();
  }

  /// Makes no more ids that are not greater than this one.
  public synchronized void after(UUID id) {
    long most = id.getMostSignificantBits();
    long itsMillis = most >>> 16;
    int itsCount = (int) (most & MAX_COUNT);
    if (itsMillis > millis || (itsMillis == millis && itsCount > count)) {
      millis = itsMillis;
      count = itsCount;
    }
  }
}

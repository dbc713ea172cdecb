package dev.myelin.model;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Ids of events: UUIDs of version 7 (RFC 9562, section 5.7), which sort by time to the
/// millisecond. They are no secrets.
public final class EventIds {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private EventIds() {}

  /// A new one.
  ///
  /// @param millis what the clock says
  public static String next(long millis) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long most = (millis << 16) | VERSION_7 | random.nextInt(1 << 12);
    long least = VARIANT | (random.nextLong() >>> 2);
    return new UUID(most, least).toString();
  }
}

package dev.myelin.edge.gateway;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Ids that sort by the time they were made (RFC 9562, section 5.7).
public final class Uuid7 {
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private Uuid7() {}

  /// An id for a message: unlike another's, but not secret.
  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (System.currentTimeMillis() << 16) | VERSION | (random.nextLong() & 0xfffL);
    long low = VARIANT | (random.nextLong() & 0x3fff_ffff_ffff_ffffL);
    return new UUID(high, low).toString();
  }
}

package dev.myelin.bench.fanout;

import dev.myelin.bench.load.LoadFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/// What arrived where and when: every listener must hear of every event once, and all of them in
/// one order. That need not be the order of publishing, for a server may work at several at once.
///
/// An event carries its number as `n~00000000~`. One thread counts arrivals; any may ask.
public final class Tally {
  private static final byte[] MARK = "n~".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 8;

  private final AtomicLongArray publishedAt;

  /// The numbers in the order in which the first listener heard of each.
  private final long[] order;

  private final BitSet known = new BitSet();
  private int ordered;

  /// How many each listener has heard of.
  private final int[] heard;

  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final AtomicLong delivered = new AtomicLong();
  private volatile long measureFrom = Long.MAX_VALUE;
  private int lastPlace;
  private volatile int eventBytes;

  /// @param events how many will be published
  public Tally(int listeners, int events) {
    publishedAt = new AtomicLongArray(events + 1);
    order = new long[events];
    heard = new int[listeners];
  }

  /// The mark of an event, to be put where it comes back.
  static String mark(long number) {
    return String.format(Locale.ROOT, "n~%08d~", number);
  }

  /// Only events from that one on count.
  void measureFrom(long number) {
    measureFrom = number;
  }

  /// An event is due now, sent or not.
  void published(long number, long nanos) {
    publishedAt.set((int) number, nanos);
  }

  /// A listener was told something; what carries no mark is no event.
  ///
  /// @throws LoadFailure if an event is missing, doubled or out of order
  void arrived(int listener, ByteBuffer payload, long nanos) {
    int place = place(payload);
    if (place < 0) {
      return;
    }
    long number = 0;
    for (int i = 0; i < DIGITS; i++) {
      number = 10 * number + payload.get(place + MARK.length + i) - '0';
    }
    hear(listener, number);
    eventBytes = payload.limit();
    delivered.incrementAndGet();
    if (number >= measureFrom) {
      long nanosSince = nanos - publishedAt.get((int) number);
      latency.recordValue(Math.clamp(nanosSince, 0, latency.getHighestTrackableValue()));
    }
  }

  private void hear(int listener, long number) {
    int place = heard[listener]++;
    if (place == ordered && place < order.length && !known.get((int) number)) {
      order[place] = number;
      known.set((int) number);
      ordered++;
    } else if (place >= order.length || order[place] != number) {
      throw new LoadFailure(
          "listener "
              + listener
              + " heard of event "
              + number
              + " in place "
              + (place + 1)
              + " (expected: each once, in the order in which all others hear of them)");
    }
  }

  /// It is at the same place in nearly all events.
  private int place(ByteBuffer payload) {
    if (isMark(payload, lastPlace)) {
      return lastPlace;
    }
    for (int i = 0; i + MARK.length + DIGITS < payload.limit(); i++) {
      if (isMark(payload, i)) {
        lastPlace = i;
        return i;
      }
    }
    return -1;
  }

  private static boolean isMark(ByteBuffer payload, int at) {
    int end = at + MARK.length + DIGITS;
    return end < payload.limit()
        && payload.get(at) == MARK[0]
        && payload.get(at + 1) == MARK[1]
        && payload.get(end) == '~';
  }

  long delivered() {
    return delivered.get();
  }

  /// Of the text of the last event.
  int eventBytes() {
    return eventBytes;
  }

  /// From being due to arriving, of what was measured; complete once all has been delivered.
  Histogram latency() {
    return latency;
  }
}

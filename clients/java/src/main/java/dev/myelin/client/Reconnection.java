package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Loop;
import java.time.Duration;
import java.util.Set;

/// Whether a stream whose connection broke makes another, and when. The stream's loop.
final class Reconnection {
  /// What no new connection would mend at all; anything but a temporary failure may have its cause
  /// in what is sent, and is tried a few times only.
  private static final Set<String> FINAL =
      Set.of(
          MyelinException.UNAUTHENTICATED,
          MyelinException.TAKEN_OVER,
          MyelinException.PROTOCOL,
          "permission_denied",
          "invalid_space",
          "unsupported");

  private static final int MAX_FAULTS = 5;

  private final Loop loop;
  private final Backoff backoff;
  private final long patienceNanos;
  private long lostSince;
  private int faults;
  private boolean everOpened;

  Reconnection(Loop loop, Backoff backoff, Duration giveUpAfter) {
    this.loop = loop;
    this.backoff = backoff;
    this.patienceNanos = giveUpAfter.toNanos();
  }

  /// From now on there is no session: the time until giving up runs.
  void begin() {
    lostSince = loop.nanoTime();
  }

  void opened() {
    everOpened = true;
  }

  /// This connection is good for something.
  void progress() {
    faults = 0;
    backoff.reset();
  }

  /// A connection is gone, or of no more use.
  void lost(MyelinException reason) {
    if (!reason.isTemporary()) {
      faults++;
    }
  }

  /// Whether another attempt would be in vain.
  boolean isHopeless(MyelinException reason) {
    boolean tooLong = loop.nanoTime() - lostSince > patienceNanos;
    return FINAL.contains(reason.code()) || !everOpened || tooLong || faults >= MAX_FAULTS;
  }

  /// How long to wait before the next attempt: at least as long as the server asked for.
  Duration nextWait(MyelinException reason) {
    Duration wait = backoff.next();
    Duration asked = reason.retryAfter().orElse(Duration.ZERO);
    return wait.compareTo(asked) < 0 ? asked : wait;
  }
}

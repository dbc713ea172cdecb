package dev.myelin.client.http;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How a reader without an end comes back after a break: with growing, random waits, for as long as
/// it takes, unless no new connection would mend it. One thread reads, any may close.
public final class Comeback implements AutoCloseable {
  private static final int TOO_MANY = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final Http http;
  private final BreakListener listener;
  private final String name;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable MyelinException ended;
  private int attempts;

  /// @param name what the reader is called in the text of its end, such as `follower`
  public Comeback(Http http, BreakListener listener, String name) {
    this.http = http;
    this.listener = listener;
    this.name = name;
  }

  /// Goes on only if the reading has not ended.
  ///
  /// @throws MyelinException why it has
  public void check() {
    if (ended == null && isClosed()) {
      ended = closed("closed");
    }
    if (ended != null) {
      throw ended;
    }
  }

  /// The connection is good: the next wait is short again.
  public void held() {
    attempts = 0;
  }

  /// Waits before another attempt.
  ///
  /// @throws MyelinException what no new connection would mend, or CLOSED
  public void broke(MyelinException reason) {
    if (isClosed()) {
      ended = closed("closed");
    } else if (isFinal(reason)) {
      ended = reason;
    } else {
      await(reason);
    }
    check();
  }

  private void await(MyelinException reason) {
    Duration wait = http.pause(attempts++, reason);
    listener.broke(reason, wait);
    try {
      if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        ended = closed("closed");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      ended = closed("interrupted");
    }
  }

  private static boolean isFinal(MyelinException reason) {
    if (reason instanceof ProblemException problem) {
      int status = problem.status();
      return status < 500 && status != TOO_MANY && status != REQUEST_TIMEOUT;
    }
    return reason.code().equals(MyelinException.PROTOCOL)
        || reason.code().equals(MyelinException.CLOSED);
  }

  private MyelinException closed(String how) {
    return new MyelinException(MyelinException.CLOSED, "The " + name + " was " + how + ".", null);
  }

  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  /// Ends a wait, and the reading with it.
  @Override
  public void close() {
    closed.countDown();
  }
}

package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks for signs of life on an open connection, asks for one in time, and gives the connection up
/// when none comes. The stream's loop.
final class Watchdog {
  private final Loop loop;
  private final Duration patience;
  private final Runnable alive;
  private final Consumer<MyelinException> lost;
  private @Nullable Link watched;
  private Loop.@Nullable Timer timer;
  private long lastSign;

  /// @param alive called at every look that found life
  /// @param lost called when there was none for as long as the patience
  Watchdog(Loop loop, Duration patience, Runnable alive, Consumer<MyelinException> lost) {
    this.loop = loop;
    this.patience = patience;
    this.alive = alive;
    this.lost = lost;
  }

  /// Something came.
  void sign() {
    lastSign = loop.nanoTime();
  }

  /// Watches a connection until [#stop()].
  void watch(Link link) {
    watched = link;
    timer = loop.schedule(patience.dividedBy(3), this::look);
  }

  void stop() {
    watched = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void look() {
    Link link = watched;
    if (link == null) {
      return;
    }
    Duration silence = Duration.ofNanos(loop.nanoTime() - lastSign);
    if (silence.compareTo(patience) > 0) {
      lost.accept(
          new MyelinException(
              MyelinException.TIMEOUT,
              "No sign of life from the server for " + silence.toMillis() + " ms.",
              null));
      return;
    }
    alive.run();
    if (silence.multipliedBy(4).compareTo(patience) > 0) {
      link.ping();
    }
    if (link.equals(watched)) { // the ping may have found the connection broken
      watch(link);
    }
  }
}

package dev.myelin.server;

/// Where a server is that is killed now and then, and a sign that something happened there: those
/// who write and those who listen wait for it.
final class FeedGround {
  private int port;
  private boolean away = true;
  private long signs;

  /// The server's port, once it is there.
  synchronized int port() throws InterruptedException {
    while (away) {
      wait();
    }
    return port;
  }

  /// The server is there.
  synchronized void isAt(int now) {
    port = now;
    away = false;
    happened();
  }

  /// The server is about to be killed.
  synchronized void leaves() {
    away = true;
  }

  /// Something was changed, or may have been.
  synchronized void happened() {
    signs++;
    notifyAll();
  }

  /// How many signs there were.
  synchronized long signs() {
    return signs;
  }

  /// Waits for a sign after those.
  synchronized void awaitSign(long seen) throws InterruptedException {
    while (signs == seen) {
      wait();
    }
  }
}

package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Whether the stream is paused, and who waits for the server to know. The stream's loop.
final class Pause {
  private final List<CompletableFuture<Void>> waiters = new ArrayList<>();
  private boolean paused;
  private boolean used;

  boolean isOn() {
    return paused;
  }

  /// Whether a new connection has to be told.
  boolean wasUsed() {
    return used;
  }

  /// @param done completes when the server has answered
  void set(boolean wanted, CompletableFuture<Void> done) {
    paused = wanted;
    used = true;
    waiters.add(done);
  }

  void lift() {
    paused = false;
  }

  /// The server knows.
  void answered() {
    List<CompletableFuture<Void>> answered = List.copyOf(waiters);
    waiters.clear();
    answered.forEach(waiter -> waiter.complete(null));
  }

  void fail(MyelinException reason) {
    waiters.forEach(waiter -> waiter.completeExceptionally(reason));
    waiters.clear();
  }
}

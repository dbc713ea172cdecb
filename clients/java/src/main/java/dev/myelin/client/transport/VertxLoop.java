package dev.myelin.client.transport;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;

/// A loop on one of Vert.x's event loops.
final class VertxLoop implements Loop {
  private final Vertx vertx;
  private final ContextInternal context;

  VertxLoop(Vertx vertx, ContextInternal context) {
    this.vertx = vertx;
    this.context = context;
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(_ -> task.run());
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    long id = context.setTimer(Math.max(1, delay.toMillis()), _ -> task.run());
    return () -> vertx.cancelTimer(id);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}

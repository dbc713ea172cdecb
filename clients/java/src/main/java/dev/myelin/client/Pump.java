package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Loop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the writing of a stream, never one run inside another: a flush may tell of room, or of the
/// loss of its connection, before it returns. The stream's loop.
final class Pump {
  private final Loop loop;
  private final Runnable write;
  private final Consumer<MyelinException> lost;
  private boolean running;
  private boolean again;
  private boolean planned;
  private @Nullable MyelinException lostMeanwhile;

  /// @param write writes what may be written now
  /// @param lost hears of a lost connection
  Pump(Loop loop, Runnable write, Consumer<MyelinException> lost) {
    this.loop = loop;
    this.write = write;
    this.lost = lost;
  }

  /// Writes what may be written, once all that was read with the current frame is taken in.
  void soon() {
    if (!planned) {
      planned = true;
      loop.execute(() -> {
        planned = false;
        now();
      });
    }
  }

  /// Writes what may be written now, or again as soon as the current run is through.
  void now() {
    again = true;
    if (running) {
      return;
    }
    running = true;
    try {
      while (again) {
        again = false;
        write.run();
      }
    } finally {
      running = false;
    }
    MyelinException reason = lostMeanwhile;
    lostMeanwhile = null;
    if (reason != null) {
      lost.accept(reason);
    }
  }

  /// Passes a loss on; while a run lasts, after it, so that the outbox never changes in the middle.
  void lost(MyelinException reason) {
    if (running) {
      lostMeanwhile = reason;
    } else {
      lost.accept(reason);
    }
  }
}

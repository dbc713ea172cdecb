package dev.myelin.library.feed;

import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.event.MemoryBundle;
import dev.myelin.live.broker.Subscription;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceListener;
import dev.myelin.model.Memory;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gathers streamed memories of libraries for which somebody asked, for a moment each time, into
/// one event.
final class MemoryGathering implements AutoCloseable {
  private final MemoryEngine memories;
  private final Duration delay;
  private final Consumer<LibraryEvent> told;
  private final Map<SpaceId, Gatherer> gatherers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("feed-timer").daemon().factory());

  MemoryGathering(MemoryEngine memories, Duration delay, Consumer<LibraryEvent> told) {
    this.memories = memories;
    this.delay = delay;
    this.told = told;
  }

  /// Gathers a library's memories until nobody wants them any more, or the library is gone.
  Subscription want(SpaceId library) {
    Gatherer gatherer =
        gatherers.compute(
            library,
            (id, old) -> {
              Gatherer wanted = old == null ? new Gatherer(id) : old;
              wanted.wanted++;
              return wanted;
            });
    return () ->
        gatherers.computeIfPresent(
            library,
            (_, now) -> {
              // After the library is gone there may be another of its name.
              if (now != gatherer || --now.wanted > 0) {
                return now;
              }
              now.watch.close();
              return null;
            });
  }

  /// The library is gone.
  void end(SpaceId library) {
    Gatherer gatherer = gatherers.remove(library);
    if (gatherer != null) {
      gatherer.watch.close();
    }
  }

  /// Tells of what is gathered before another event is told.
  void flush(SpaceId library) {
    Gatherer gatherer = gatherers.get(library);
    if (gatherer != null) {
      gatherer.flush();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    gatherers.values().forEach(gatherer -> gatherer.watch.close());
  }

  /// What one library has gathered; its own lock guards that.
  private final class Gatherer implements SpaceListener {
    private final MemoryBundle bundle;
    private final MemoryEngine.Watch watch;
    private int wanted;

    Gatherer(SpaceId library) {
      bundle = new MemoryBundle(library);
      watch = memories.watch(library, this);
    }

    @Override
    public synchronized void remembered(Memory memory) {
      if (!MemoryBundle.isStreamed(memory)) {
        return;
      }
      if (bundle.isEmpty()) {
        var _ = timer.schedule(this::flush, delay.toNanos(), TimeUnit.NANOSECONDS);
      }
      bundle.add(memory);
      if (bundle.isFull()) {
        flush();
      }
    }

    synchronized void flush() {
      @Nullable LibraryEvent event = bundle.take();
      if (event != null) {
        told.accept(event);
      }
    }
  }
}

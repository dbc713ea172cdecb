package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.memory.ForgetMode;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceListener;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.StreamEventType;
import dev.myelin.proto.engram.v1.StreamResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events of one space on their way to one call.
///
/// The engine's threads put events into a bounded queue, the call's event loop takes them out; both
/// hold this object's lock only for that. An event that finds no room is counted, and the client is
/// told the number in the place of what it missed.
final class ActivityFeed implements SpaceListener, AutoCloseable {
  private final Call call;
  private final SpaceId space;
  private final Wanted wanted;
  private final InstantSource clock;
  private final Consumer<StreamResponse> sink;
  private final ArrayDeque<Event> waiting = new ArrayDeque<>();
  private long missed;
  private boolean scheduled;
  private boolean held;
  private MemoryEngine.@Nullable Watch watch;

  /// Which events, and how many may wait.
  record Wanted(List<StreamEventType> types, float minImportance, int maxWaiting) {
    boolean storage() {
      return types.isEmpty() || types.contains(StreamEventType.STREAM_EVENT_TYPE_STORAGE);
    }
  }

  private record Event(
      Instant at, String change, MemoryId id, @Nullable Memory memory, long offset) {}

  ActivityFeed(
      Call call, SpaceId space, Wanted wanted, InstantSource clock, Consumer<StreamResponse> sink) {
    this.call = call;
    this.space = space;
    this.wanted = wanted;
    this.clock = clock;
    this.sink = sink;
  }

  /// Begins; on the call's event loop.
  void open(MemoryEngine memories) {
    if (wanted.storage()) {
      watch = memories.watch(space, this);
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  /// Holds events back, up to the bound, or lets them go on.
  void hold(boolean hold) {
    held = hold;
    drain();
  }

  @Override
  public void remembered(Memory memory) {
    if (memory.circumstances().importance() >= wanted.minImportance()) {
      offer(new Event(memory.committedAt(), "stored", memory.id(), memory, memory.offset()));
    }
  }

  @Override
  public void forgotten(MemoryId id, ForgetMode mode) {
    String change =
        switch (mode) {
          case DELETE -> "deleted";
          case SUPPRESS -> "suppressed";
          case RESTORE -> "restored";
        };
    offer(new Event(clock.instant(), change, id, null, 0));
  }

  @Override
  public void indexed(MemoryId id, long offset) {
    offer(new Event(clock.instant(), "indexed", id, null, offset));
  }

  private synchronized void offer(Event event) {
    if (missed > 0 || waiting.size() >= wanted.maxWaiting()) {
      missed++;
      return;
    }
    waiting.add(event);
    if (!scheduled) {
      scheduled = true;
      call.execute(this::drain);
    }
  }

  /// Writes what waits as far as the client reads; on the call's event loop.
  void drain() {
    while (!call.isOver() && !held && !call.isFull()) {
      Event event;
      long gap;
      synchronized (this) {
        scheduled = false;
        event = waiting.poll();
        gap = event == null ? missed : 0;
        missed -= gap;
      }
      if (event == null) {
        if (gap > 0) {
          sink.accept(gap(gap));
        }
        break;
      }
      sink.accept(write(event));
    }
    call.flush();
  }

  private StreamResponse gap(long number) {
    return StreamResponse.newBuilder()
        .setEventType(StreamEventType.STREAM_EVENT_TYPE_UNSPECIFIED)
        .setTimestamp(Timestamps.of(clock.instant()))
        .setDescription(
            number + " events were left out because they were read too slowly. Recall to catch up.")
        .putMetadata("space", space.name())
        .putMetadata("missed", Long.toString(number))
        .build();
  }

  private StreamResponse write(Event event) {
    StreamResponse.Builder message =
        StreamResponse.newBuilder()
            .setEventType(StreamEventType.STREAM_EVENT_TYPE_STORAGE)
            .setTimestamp(Timestamps.of(event.at()))
            .setDescription(
                String.format(Locale.ROOT, "Memory %s was %s.", event.id(), event.change()))
            .putMetadata("change", event.change())
            .putMetadata("memory_id", event.id().value())
            .putMetadata("space", space.name());
    if (event.offset() > 0) {
      message.putMetadata("offset", Long.toString(event.offset()));
    }
    Memory memory = event.memory();
    if (memory != null) {
      message
          .putMetadata("content", memory.content())
          .setImportance(memory.circumstances().importance());
    }
    return message.build();
  }
}

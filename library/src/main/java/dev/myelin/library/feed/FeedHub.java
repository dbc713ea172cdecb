package dev.myelin.library.feed;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.feed.Topic.Listening;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands committed events on: the committer puts them in line, one thread tells who listens. When
/// the line is full an event is left out; who listens sees that by the next one, who follows reads
/// it in the journal.
final class FeedHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedHub.class);
  private static final Duration IDLE = Duration.ofMillis(200);

  private final FeedConfig config;
  private final BlockingQueue<Told> line;
  private final Map<SpaceId, Topic> topics = new ConcurrentHashMap<>();
  private final List<Everywhere> everywhere = new CopyOnWriteArrayList<>();
  private final MemoryGathering gathering;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private final Thread dispatcher;
  private volatile boolean closed;

  private record Told(LibraryEvent event, Cause cause) {}

  /// A listener to all libraries of a tenant, or of all.
  private record Everywhere(@Nullable String tenant, FeedListener listener) {}

  FeedHub(FeedConfig config, MemoryEngine memories) {
    this.config = config;
    line = new ArrayBlockingQueue<>(config.maxPending());
    gathering = new MemoryGathering(memories, config.memoryDelay(), this::gathered);
    dispatcher = Thread.ofPlatform().name("feed-dispatcher").daemon().start(this::dispatch);
  }

  /// Puts an event in line. On the committer thread, in order of offset.
  void publish(LibraryEvent event, Cause cause) {
    published.incrementAndGet();
    gathering.flush(event.library());
    offer(event, cause);
  }

  private void gathered(LibraryEvent event) {
    offer(event, Cause.NONE);
  }

  private void offer(LibraryEvent event, Cause cause) {
    if (everywhere.isEmpty() && !topics.containsKey(event.library())) {
      return;
    }
    if (!line.offer(new Told(event, cause))) {
      overflowed.set(true);
    }
  }

  private void dispatch() {
    while (!closed) {
      try {
        Told told = line.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (told != null) {
          tell(told.event, told.cause);
        }
        if (line.isEmpty() && overflowed.getAndSet(false)) {
          topics.values().forEach(Topic::wake);
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void tell(LibraryEvent event, Cause cause) {
    boolean last = event.type().equals(EventType.LIBRARY_DELETED);
    Topic topic = topics.get(event.library());
    if (topic != null) {
      topic.add(event);
      topic.listeners().forEach(listening -> tell(listening, event, cause));
      if (last) {
        topics.remove(event.library(), topic);
        gathering.end(event.library());
        topic.listeners().forEach(listening -> attempt(listening.listener()::libraryDeleted));
      }
    }
    for (Everywhere all : everywhere) {
      if (EventType.isWanted(event.type(), Set.of())
          && (all.tenant == null || all.tenant.equals(event.library().tenant()))) {
        attempt(() -> all.listener.event(event, cause));
      }
    }
  }

  private void tell(Listening listening, LibraryEvent event, Cause cause) {
    if (event.offset() > listening.after() && EventType.isWanted(event.type(), listening.types())) {
      attempt(() -> listening.listener().event(event, cause));
    }
  }

  private void attempt(Runnable telling) {
    try {
      telling.run();
      delivered.incrementAndGet();
    } catch (RuntimeException | Error e) {
      errors.incrementAndGet();
      LOG.atError().setCause(e).log("A listener of the change feed failed");
    }
  }

  Subscription subscribe(SpaceId library, Listening listening) {
    Topic topic =
        topics.compute(
            library,
            (id, old) -> {
              Topic joined = old == null ? new Topic(id, config.recentEvents()) : old;
              joined.listeners().add(listening);
              return joined;
            });
    gather(library, listening.types(), 1);
    return new OnceClosed(() -> {
      topic.listeners().remove(listening);
      left(topic);
      gather(library, listening.types(), -1);
    });
  }

  /// The topic of a library, for a follower until [#left(Topic, Set)].
  Topic followed(SpaceId library, Set<String> types) {
    Topic topic =
        topics.compute(
            library,
            (id, old) -> {
              Topic joined = old == null ? new Topic(id, config.recentEvents()) : old;
              joined.follow(1);
              return joined;
            });
    gather(library, types, 1);
    return topic;
  }

  void left(Topic topic, Set<String> types) {
    topic.follow(-1);
    left(topic);
    gather(topic.library(), types, -1);
  }

  private void gather(SpaceId library, Set<String> types, int more) {
    if (types.contains(EventType.MEMORY_ADDED)) {
      gathering.want(library, more);
    }
  }

  private void left(Topic topic) {
    topics.computeIfPresent(
        topic.library(), (_, now) -> now == topic && now.subscribers() == 0 ? null : now);
  }

  Subscription subscribeAll(@Nullable String tenant, FeedListener listener) {
    Everywhere all = new Everywhere(tenant, listener);
    everywhere.add(all);
    return new OnceClosed(() -> everywhere.remove(all));
  }

  FeedStats stats() {
    Map<SpaceId, Integer> subscribers = new HashMap<>();
    topics.forEach((library, topic) -> subscribers.put(library, topic.subscribers()));
    return new FeedStats(published.get(), delivered.get(), errors.get(), line.size(), subscribers);
  }

  @Override
  public void close() {
    closed = true;
    dispatcher.interrupt();
    gathering.close();
    topics.values().forEach(Topic::wake);
  }

  /// Ends something once.
  private static final class OnceClosed implements Subscription {
    private final Runnable ending;
    private final AtomicBoolean ended = new AtomicBoolean();

    OnceClosed(Runnable ending) {
      this.ending = ending;
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        ending.run();
      }
    }
  }
}

package dev.myelin.library.feed;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.broker.Subscription;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.SpaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Hands committed events to the broker, and what the broker tells to those who listen and follow.
/// What the broker leaves out, who listens sees by the next event, and who follows reads in the
/// journal.
final class FeedHub implements AutoCloseable {
  private final FeedConfig config;
  private final Broker broker;
  private final Map<SpaceId, Topic> topics = new ConcurrentHashMap<>();
  private final Map<SpaceId, Integer> listeners = new ConcurrentHashMap<>();
  private final MemoryGathering gathering;
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder errors = new LongAdder();

  FeedHub(FeedConfig config, MemoryEngine memories, Broker broker) {
    this.config = config;
    this.broker = broker;
    gathering = new MemoryGathering(memories, config.memoryDelay(), this::gathered);
  }

  /// Hands an event to the broker. On the committer thread, in order of offset.
  void publish(LibraryEvent event, Cause cause) {
    published.increment();
    gathering.flush(event.library());
    if (event.type().equals(EventType.LIBRARY_DELETED)) {
      gathering.end(event.library());
    }
    broker.publish(new FeedMessage(event, cause).message());
  }

  private void gathered(LibraryEvent event) {
    broker.publish(new FeedMessage(event, Cause.NONE).message());
  }

  /// The broker sees to it that who fails harms nobody.
  private void tell(Runnable telling) {
    try {
      telling.run();
      delivered.increment();
    } catch (RuntimeException | Error e) {
      errors.increment();
      throw e;
    }
  }

  /// @param after the offset up to which everything happened before
  Subscription subscribe(SpaceId library, Set<String> types, long after, FeedListener listener) {
    Listening listening = new Listening(listener, types, after, this::tell);
    Subscription attendance = attend(library, types);
    Subscription heard = broker.subscribe(ChannelId.ofLibrary(library), listening);
    listening.endWith(() -> {
      heard.close();
      attendance.close();
    });
    return listening;
  }

  /// Counts one who listens, and gathers what it wants. To be closed once.
  Subscription attend(SpaceId library, Set<String> types) {
    Subscription memories = gather(library, types);
    count(library, 1);
    return () -> {
      memories.close();
      count(library, -1);
    };
  }

  private void count(SpaceId library, int more) {
    listeners.merge(library, more, (now, change) -> now + change == 0 ? null : now + change);
  }

  Subscription subscribeAll(@Nullable String tenant, FeedListener listener) {
    return broker.subscribeAll(
        ChannelType.LIBRARY, tenant, new Listening.Everywhere(listener, this::tell));
  }

  /// Gathers a library's memories while somebody wants them.
  Subscription gather(SpaceId library, Set<String> types) {
    return types.contains(EventType.MEMORY_ADDED) ? gathering.want(library) : () -> {};
  }

  /// The topic of a library, for a follower until [#left(Topic)].
  Topic followed(SpaceId library) {
    return topics.compute(
        library,
        (id, old) -> {
          Topic joined = old;
          if (joined == null) {
            joined = new Topic(id, config.recentEvents(), this::ended);
            joined.hear(broker.subscribe(ChannelId.ofLibrary(id), joined));
          }
          joined.follow(1);
          return joined;
        });
  }

  void left(Topic topic) {
    topic.follow(-1);
    topics.computeIfPresent(
        topic.library(),
        (_, now) -> {
          if (now != topic || now.followers() > 0) {
            return now;
          }
          now.hearNothing();
          return null;
        });
  }

  /// The topic's library is gone; one of the same name is another.
  private void ended(Topic topic) {
    topics.remove(topic.library(), topic);
    topic.hearNothing();
  }

  FeedStats stats() {
    Map<SpaceId, Integer> subscribers = new HashMap<>(listeners);
    topics.forEach((library, topic) -> subscribers.merge(library, topic.followers(), Integer::sum));
    return new FeedStats(
        published.sum(), delivered.sum(), errors.sum(), broker.stats().waiting(), subscribers);
  }

  @Override
  public void close() {
    gathering.close();
    for (Topic topic : topics.values()) {
      topic.hearNothing();
      topic.wake();
    }
  }
}

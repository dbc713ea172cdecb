package dev.myelin.live.broker;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who listens to what. Any thread; asking takes no lock.
final class Audience {
  /// Stands for every tenant, which no tenant's name does.
  private static final String EVERY_TENANT = "";

  private final Map<ChannelId, List<Listening>> channels = new ConcurrentHashMap<>();
  private final Map<ChannelType, Map<String, List<Listening>>> types =
      new EnumMap<>(ChannelType.class);
  private final AtomicInteger size = new AtomicInteger();

  /// One subscription; the same receiver may subscribe twice.
  static final class Listening {
    private final Receiver receiver;
    private volatile boolean ended;

    private Listening(Receiver receiver) {
      this.receiver = receiver;
    }

    Receiver receiver() {
      return receiver;
    }

    boolean hasEnded() {
      return ended;
    }
  }

  Audience() {
    for (ChannelType type : ChannelType.values()) {
      types.put(type, new ConcurrentHashMap<>());
    }
  }

  Subscription add(ChannelId channel, Receiver receiver) {
    return add(channels, channel, new Listening(receiver));
  }

  Subscription add(ChannelType type, @Nullable String tenant, Receiver receiver) {
    return add(ofType(type), tenant == null ? EVERY_TENANT : tenant, new Listening(receiver));
  }

  private <K> Subscription add(Map<K, List<Listening>> lists, K key, Listening listening) {
    lists.merge(
        key,
        List.of(listening),
        (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
    size.incrementAndGet();
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        listening.ended = true;
        size.decrementAndGet();
        lists.computeIfPresent(key, (_, some) -> without(some, listening));
      }
    };
  }

  private static @Nullable List<Listening> without(List<Listening> some, Listening listening) {
    List<Listening> rest = some.stream().filter(other -> other != listening).toList();
    return rest.isEmpty() ? null : rest;
  }

  boolean isHeard(ChannelId channel) {
    Map<String, List<Listening>> everywhere = ofType(channel.type());
    return channels.containsKey(channel)
        || everywhere.containsKey(EVERY_TENANT)
        || everywhere.containsKey(channel.tenant());
  }

  void forEach(ChannelId channel, Consumer<Listening> action) {
    Map<String, List<Listening>> everywhere = ofType(channel.type());
    channels.getOrDefault(channel, List.of()).forEach(action);
    everywhere.getOrDefault(channel.tenant(), List.of()).forEach(action);
    everywhere.getOrDefault(EVERY_TENANT, List.of()).forEach(action);
  }

  /// Who listens to any of these channels, each once.
  Set<Listening> of(Collection<ChannelId> some) {
    Set<Listening> found = new LinkedHashSet<>();
    some.forEach(channel -> forEach(channel, found::add));
    return found;
  }

  /// All who listen.
  Set<Listening> all() {
    Set<Listening> found = new LinkedHashSet<>();
    channels.values().forEach(found::addAll);
    types.values().forEach(tenants -> tenants.values().forEach(found::addAll));
    return found;
  }

  /// How many subscriptions there are.
  int size() {
    return size.get();
  }

  private Map<String, List<Listening>> ofType(ChannelType type) {
    return types.getOrDefault(type, Map.of());
  }
}

package dev.myelin.memory;

import dev.myelin.model.SpaceId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Who hears of what happens in which space.
final class Watchers {
  private final Map<SpaceId, List<SpaceListener>> listeners = new ConcurrentHashMap<>();

  MemoryEngine.Watch add(SpaceId space, SpaceListener listener) {
    listeners.merge(
        space,
        List.of(listener),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    return () -> remove(space, listener);
  }

  private void remove(SpaceId space, SpaceListener listener) {
    listeners.computeIfPresent(
        space,
        (_, old) -> {
          List<SpaceListener> rest = old.stream().filter(other -> !other.equals(listener)).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  List<SpaceListener> of(SpaceId space) {
    return listeners.getOrDefault(space, List.of());
  }
}

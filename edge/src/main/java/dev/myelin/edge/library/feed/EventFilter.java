package dev.myelin.edge.library.feed;

import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which events a client wants: names, `document.*` for a group, `*` for all.
///
/// @param types the wanted ones; empty for all but `memory.added`, `chunk.added` and
///   `chunk.deleted`, which have to be asked for by name
public record EventFilter(Set<String> types) {
  public static final EventFilter ALL = new EventFilter(Set.of());

  private static final int MAX_PATTERNS = 64;

  /// All of them, streamed memories too, but not what follows from others.
  public static final EventFilter EVERYTHING =
      new EventFilter(
          EventType.NAMES.stream()
              .filter(name -> !ChunkEvents.TYPES.contains(name))
              .collect(Collectors.toSet()));

  public EventFilter {
    types = Set.copyOf(types);
  }

  /// The filter of the query parameter `event_types`.
  static EventFilter of(RestRequest request) {
    String names = request.parameter("event_types");
    return names == null || names.isBlank()
        ? ALL
        : of(List.of(names.split(",", MAX_PATTERNS + 1)), "event_types");
  }

  /// The filter of a list of names.
  ///
  /// @param field what a failure names
  /// @throws JsonFailure if a name is unknown
  public static EventFilter of(@Nullable List<String> patterns, String field) {
    if (patterns == null || patterns.isEmpty()) {
      return ALL;
    }
    if (patterns.size() > MAX_PATTERNS) {
      throw JsonFailure.invalid(field, "has more than " + MAX_PATTERNS + " names.");
    }
    Set<String> types = new LinkedHashSet<>();
    for (String pattern : patterns) {
      String name = pattern.strip();
      if (EventType.NAMES.contains(name)) {
        types.add(name);
      } else if (!addGroup(name, types)) {
        throw JsonFailure.invalid(
            field,
            "there is no event of that name (expected: "
                + String.join(", ", EventType.NAMES)
                + ", a group such as document.*, or *).");
      }
    }
    return new EventFilter(types);
  }

  private static boolean addGroup(String pattern, Set<String> types) {
    if (!pattern.endsWith("*")) {
      return false;
    }
    String prefix = pattern.substring(0, pattern.length() - 1);
    List<String> group =
        EventType.NAMES.stream()
            .filter(name -> name.startsWith(prefix) && !EventType.isOnRequest(name))
            .toList();
    types.addAll(group);
    return !group.isEmpty() && (prefix.isEmpty() || prefix.endsWith("."));
  }

  public boolean wants(String type) {
    return EventType.isWanted(type, types);
  }

  /// Whether streamed memories were asked for by name.
  public boolean wantsMemories() {
    return types.contains(EventType.MEMORY_ADDED);
  }
}

package dev.myelin.library.webhook.registration;

import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which events a webhook wants: names, `document.*` for a group, `*` for all. Streamed memories
/// (`memory.added`) and passages (`chunk.added`, `chunk.deleted`) have to be asked for by name.
public record EventPatterns(List<String> patterns) {
  private static final String ALL = "*";

  public EventPatterns {
    patterns = List.copyOf(patterns);
  }

  /// Whether a pattern matches any event at all.
  static boolean isKnown(String pattern) {
    return pattern.equals(ALL)
        || EventType.NAMES.contains(pattern)
        || (isGroup(pattern) && EventType.NAMES.stream().anyMatch(name -> isIn(name, pattern)));
  }

  private static boolean isGroup(String pattern) {
    return pattern.endsWith(".*");
  }

  private static boolean isIn(String type, String group) {
    return !EventType.isOnRequest(type) && type.startsWith(group.substring(0, group.length() - 1));
  }

  public boolean wants(String type) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, type));
  }

  private static boolean matches(String pattern, String type) {
    return pattern.equals(type)
        || (pattern.equals(ALL) && !EventType.isOnRequest(type))
        || (isGroup(pattern) && isIn(type, pattern));
  }

  public boolean wantsMemories() {
    return patterns.contains(EventType.MEMORY_ADDED);
  }

  /// Whether an event of that type is wanted, or says something that is.
  public boolean areConcernedBy(String type) {
    return wants(type) || ChunkEvents.precede(type, Set.copyOf(patterns));
  }

  /// The types to read from a feed; empty for all that need not be asked for by name.
  public Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    if (patterns.stream().anyMatch(EventType::isOnRequest)) {
      EventType.NAMES.stream().filter(this::wants).forEach(types::add);
    }
    return types;
  }
}

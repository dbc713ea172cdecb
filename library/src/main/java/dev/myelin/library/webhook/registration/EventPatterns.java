package dev.myelin.library.webhook.registration;

import dev.myelin.library.event.EventType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which events a webhook wants: names, `document.*` for a group, `*` for all. Streamed memories
/// (`memory.added`) have to be asked for by name.
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
    return !type.equals(EventType.MEMORY_ADDED)
        && type.startsWith(group.substring(0, group.length() - 1));
  }

  public boolean wants(String type) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, type));
  }

  private static boolean matches(String pattern, String type) {
    return pattern.equals(type)
        || (pattern.equals(ALL) && !type.equals(EventType.MEMORY_ADDED))
        || (isGroup(pattern) && isIn(type, pattern));
  }

  public boolean wantsMemories() {
    return patterns.contains(EventType.MEMORY_ADDED);
  }

  /// The types to read from a feed; empty for all but `memory.added`.
  public Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    if (wantsMemories()) {
      EventType.NAMES.stream().filter(this::wants).forEach(types::add);
    }
    return types;
  }
}

package dev.myelin.memory;

import dev.myelin.memory.filter.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions every result meets; they are applied inside the search, not after it.
///
/// @param from earliest `when`, inclusive
/// @param to latest `when`, inclusive
/// @param committedUntil latest commit time, inclusive: a reading as of that time
/// @param minConfidence lowest confidence, 0 for all
/// @param requiredTags all of them
/// @param excludedTags none of them
/// @param people all of them took part (case ignored)
/// @param place where it happened (case ignored)
/// @param conditions what its metadata must be like, all of them
public record MemoryFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable Instant committedUntil,
    float minConfidence,
    List<String> requiredTags,
    List<String> excludedTags,
    List<String> people,
    @Nullable String place,
    List<Condition> conditions) {

  /// Every memory passes.
  public static final MemoryFilter NONE =
      new MemoryFilter(null, null, null, 0f, List.of(), List.of(), List.of(), null);

  /// Conditions on anything but metadata.
  public MemoryFilter(
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Instant committedUntil,
      float minConfidence,
      List<String> requiredTags,
      List<String> excludedTags,
      List<String> people,
      @Nullable String place) {
    this(
        from,
        to,
        committedUntil,
        minConfidence,
        requiredTags,
        excludedTags,
        people,
        place,
        List.of());
  }

  /// Conditions on metadata alone.
  public static MemoryFilter where(List<Condition> conditions) {
    return new MemoryFilter(
        null, null, null, 0f, List.of(), List.of(), List.of(), null, conditions);
  }

  public MemoryFilter {
    requiredTags = List.copyOf(requiredTags);
    excludedTags = List.copyOf(excludedTags);
    people = List.copyOf(people);
    conditions = List.copyOf(conditions);
  }
}
